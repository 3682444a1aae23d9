// <bankid-login>: from the choice of device to the end of an order. It calls the backend to start and to cancel, shows what the
// stream of updates says, and tells the page how it went. Who the user is, only the backend knows: what the page does on
// `complete` is to ask it.

import { isWaited } from "./code.js";
import { Base, languageOf, make, set, shadow } from "./dom.js";
import { detectBrowser, isStartUrl } from "./launch.js";
import { listen } from "./stream.js";
import { BUTTON_CSS, LOGIN_CSS } from "./theme.js";
import { WORDS, inLanguage } from "./words.js";

/** A code can be scanned for 30 seconds; so many more follow while somebody looks for the phone. */
const RESTARTS = 4;

const OTHER = { qr: "autostart", autostart: "qr" };

const both = (word) => ({ sv: WORDS.sv[word], en: WORDS.en[word] });

export class BankIdLogin extends Base {
  static observedAttributes = ["lang"];

  // On the prototype, so that what a page has set before the class was there stays: further members of the body that starts an
  // order, how requests are made (a page wraps it to add a header), and how often an order is started again.
  static {
    Object.assign(this.prototype, { data: Object.freeze({}), fetch: (url, options) => globalThis.fetch(url, options), restarts: RESTARTS });
  }

  #parts;
  #view = "choice";
  #startMode;
  #restartsLeft = 0;
  #update;
  #failure;
  #close = () => {};
  #calls = Promise.resolve();
  #onLeave = () => this.#leave();
  #onReturn = ({ persisted }) => persisted && this.reset();

  connectedCallback() {
    this.#parts ??= this.#build();
    addEventListener("pagehide", this.#onLeave);
    addEventListener("pageshow", this.#onReturn);
    this.#render();
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#onLeave);
    removeEventListener("pageshow", this.#onReturn);
    this.#leave();
    this.#enter("choice");
  }

  attributeChangedCallback() {
    this.#render();
  }

  /** `choice`, `waiting`, `failed` or `done`. */
  get view() {
    return this.#view;
  }

  get startMode() {
    return this.#startMode;
  }

  /** Starts an order, to be reached by a QR code (`qr`) or on this device (`autostart`): what fits this device, if not said. */
  start(startMode = this.#device === "mobile" ? "autostart" : "qr") {
    this.#restartsLeft = startMode === "qr" ? this.restarts : 0;
    this.dispatchEvent(new CustomEvent("start", { detail: { startMode } }));
    return this.#begin(startMode);
  }

  /** Shows an order that was started already: after a reload, or when the app has opened the page. */
  resume(startMode) {
    this.#wait(startMode);
    this.#listen();
  }

  /** Ends the order, and offers the choice again. */
  async cancel() {
    const wasWaiting = this.#view === "waiting";
    this.reset();
    if (!wasWaiting) return;
    this.dispatchEvent(new CustomEvent("cancel"));
    await this.#call("cancel-action").catch(() => {}); // it may be over
  }

  /** Shows a failure: text, or text by language. */
  fail(message = both("broken")) {
    this.#close();
    this.#failure = message;
    this.#enter("failed");
  }

  /** The choice, as at first. */
  reset() {
    this.#close();
    this.#enter("choice");
  }

  get #device() {
    return detectBrowser().device;
  }

  #wait(startMode) {
    this.#close();
    this.#startMode = startMode;
    this.#update = undefined;
    this.#enter("waiting");
  }

  async #begin(startMode) {
    this.#wait(startMode);
    let isWanted = true;
    this.#close = () => (isWanted = false);
    try {
      const { maxTouchPoints } = navigator;
      await this.#call("start-action", { startMode, language: languageOf(this), maxTouchPoints, ...this.data });
      if (isWanted) this.#listen();
    } catch (error) {
      if (isWanted) this.#failed({ message: error.shown ?? both("broken") });
    }
  }

  /** Calls the backend after all that it was asked before: who cancels and starts again must not have the new order cancelled. */
  #call(action, body) {
    const url = this.getAttribute(action);
    const call = this.#calls.then(() => this.#post(url, body));
    this.#calls = call.catch(() => {});
    return call;
  }

  async #post(url, body = {}, options = {}) {
    if (url === null) return;
    const headers = { "content-type": "application/json" };
    const response = await this.fetch(url, { method: "POST", headers, body: JSON.stringify(body), ...options });
    if (response.ok) return;
    const { message } = await response.json().catch(() => ({}));
    throw Object.assign(new Error(`${url} answered ${response.status}`), { shown: message });
  }

  #listen() {
    this.#close();
    const withCredentials = this.getAttribute("crossorigin") === "use-credentials";
    this.#close = listen(this.getAttribute("src"), {
      onUpdate: (update) => this.#take(update),
      onLost: () => this.#failed({ message: both("broken") }),
      withCredentials,
    });
  }

  #take(update) {
    this.#update = update;
    this.dispatchEvent(new CustomEvent("update", { detail: update }));
    if (update.status === "pending") return this.#render();
    if (update.status === "complete") return this.#completed(update);
    if (update.hintCode === "startFailed" && this.#restartsLeft > 0) {
      this.#restartsLeft -= 1;
      return void this.#begin(this.#startMode);
    }
    return this.#failed(update);
  }

  #completed(update) {
    this.#close();
    this.#enter("done");
    this.dispatchEvent(new CustomEvent("complete", { detail: update }));
  }

  /** The page may know better, and says so by `preventDefault`: it goes on with `fail`, `resume` or `reset`. */
  #failed(update) {
    this.#close();
    const isOurs = this.dispatchEvent(new CustomEvent("failed", { detail: update, cancelable: true }));
    if (isOurs) this.fail(update.message);
  }

  /** Who leaves while a code is shown ends the order. Not on this device: Safari loads the page anew on the way back. */
  #leave() {
    const isEnded = this.#view === "waiting" && this.#startMode === "qr";
    this.#close();
    if (isEnded) this.#post(this.getAttribute("cancel-action"), {}, { keepalive: true }).catch(() => {});
  }

  #enter(view) {
    const moved = view !== this.#view;
    this.#view = view;
    // What had the focus is gone, and a keyboard must not start at the top of the page.
    const hadFocus = this.shadowRoot?.activeElement != null;
    this.#render();
    if (moved && hadFocus) this.#parts.panel.focus();
  }

  #build() {
    const root = shadow(this, LOGIN_CSS + BUTTON_CSS);
    const button = (part, onClick) => {
      const element = make("button", { type: "button", part });
      element.addEventListener("click", onClick);
      return element;
    };
    const parts = {
      question: make("p", { part: "question" }),
      qr: make("bankid-qr", { exportparts: "code" }),
      message: make("p", { part: "message", role: "status" }),
      failure: make("p", { part: "failure", role: "alert" }),
      open: make("a", { part: "open", referrerpolicy: "origin" }),
      first: button("button start", () => this.start(parts.first.value)),
      second: button("button start", () => this.start(parts.second.value)),
      retry: button("button retry", () => this.reset()),
      instead: button("button instead", () => this.start(OTHER[this.#startMode])),
      cancel: button("button cancel", () => this.cancel()),
    };
    for (const quiet of [parts.second, parts.instead, parts.cancel]) quiet.classList.add("quiet");
    const panel = make("div", { part: "panel", role: "group", "aria-label": "BankID", tabindex: "-1" }, ...Object.values(parts));
    root.append(panel);
    return { panel, ...parts };
  }

  #render() {
    if (this.#parts === undefined) return;
    const { question, qr, message, failure, open, first, second, retry, instead, cancel } = this.#parts;
    const language = languageOf(this);
    const words = WORDS[language];
    const is = (view) => this.#view === view;
    const show = (element, isShown, text = "") => {
      element.hidden = !isShown;
      // Said aloud when it changes, so it is left alone when it does not.
      if (element.textContent !== text) element.textContent = text;
    };
    const [one, other] = this.#device === "mobile" ? ["autostart", "qr"] : ["qr", "autostart"];
    [first.value, second.value] = [one, other];
    show(question, is("choice"), words[this.#device]);
    show(first, is("choice"), words[one]);
    show(second, is("choice"), words[other]);

    const { qr: text, path, startUrl } = this.#update ?? {};
    const isCode = is("waiting") && this.#startMode === "qr";
    qr.lang = language;
    qr.update = isCode ? { ...this.#update, startUrl: undefined } : undefined;
    qr.hidden = !isCode || !(text || path);
    const link = is("waiting") && this.#startMode === "autostart" && isStartUrl(startUrl) ? startUrl : undefined;
    show(open, link !== undefined, words.open);
    set(open, "href", link);

    const said = is("done") ? words.done : inLanguage(this.#update?.message, language) ?? words.connecting;
    show(message, is("waiting") || is("done"), is("waiting") || is("done") ? said : "");
    show(failure, is("failed"), is("failed") ? inLanguage(this.#failure, language) : "");
    show(retry, is("failed"), words.retry);
    show(instead, is("waiting") && isWaited(this.#update?.hintCode), words[`${OTHER[this.#startMode] ?? "qr"}Instead`]);
    show(cancel, is("waiting"), words.cancel);
  }
}
