// <bankid-login>: from the choice of device to the end of an order. It calls the backend to start and to cancel, shows what the
// stream of updates says, and tells the page how it went. Who the user is, only the backend knows: what the page does on
// `complete` is to ask it.

import { isWaited } from "./code.js";
import { Base, languageOf, make, onLanguage, set, shadow, startLink } from "./dom.js";
import { detectBrowser, isStartUrl, otherStartUrl } from "./launch.js";
import { listen } from "./stream.js";
import { BUTTON_CSS, LOGIN_CSS } from "./theme.js";
import { WORDS, inLanguage } from "./words.js";

/** A code can be scanned for 30 seconds; so many more follow while somebody looks for the phone. */
const RESTARTS = 4;

/** A backend that asks BankID again and again before it gives up has given up by then. */
const ACTION_LIMIT_MS = 90_000;

const OTHER = { qr: "autostart", autostart: "qr" };

const both = (word) => ({ sv: WORDS.sv[word], en: WORDS.en[word] });

export class BankIdLogin extends Base {
  // On the prototype, so that what a page has set before the class was there stays: further members of the body that starts an
  // order, or what makes them for each start, how requests are made (a page wraps it to add a header), and how often an order is
  // started again.
  static {
    Object.assign(this.prototype, { data: Object.freeze({}), fetch: (url, options) => globalThis.fetch(url, options), restarts: RESTARTS });
  }

  #parts;
  #view = "choice";
  #startMode;
  #isOpened = false;
  #restartsLeft = 0;
  #update;
  #failure;
  #close = () => {};
  #ignoreLanguage = () => {};
  #calls = Promise.resolve();
  #onLeave = () => this.#leave();
  #onReturn = ({ persisted }) => persisted && this.reset();

  connectedCallback() {
    this.#parts ??= this.#build();
    addEventListener("pagehide", this.#onLeave);
    addEventListener("pageshow", this.#onReturn);
    this.#ignoreLanguage = onLanguage(() => this.#render());
    this.#render();
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#onLeave);
    removeEventListener("pageshow", this.#onReturn);
    this.#ignoreLanguage();
    this.#leave();
    this.#enter("choice");
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

  get #withCredentials() {
    return this.getAttribute("crossorigin") === "use-credentials";
  }

  #wait(startMode) {
    this.#close();
    this.#startMode = startMode;
    this.#isOpened = false;
    this.#update = undefined;
    this.#enter("waiting");
  }

  async #begin(startMode) {
    this.#wait(startMode);
    let isWanted = true;
    this.#close = () => (isWanted = false);
    try {
      const { maxTouchPoints } = navigator;
      const data = typeof this.data === "function" ? await this.data() : this.data;
      if (!isWanted) return;
      await this.#call("start-action", { startMode, language: languageOf(this), maxTouchPoints, ...data });
      if (isWanted) this.#listen();
    } catch (error) {
      if (error.shown === undefined) console.error("bankid-kit: no order was started:", error);
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
    const response = await this.fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      credentials: this.#withCredentials ? "include" : "same-origin",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ACTION_LIMIT_MS),
      ...options,
    });
    if (response.ok) return;
    const { message } = await response.json().catch(() => ({}));
    throw Object.assign(new Error(`${url} answered ${response.status}`), { shown: message });
  }

  #listen() {
    this.#close();
    const src = this.getAttribute("src");
    if (src === null) throw new TypeError("<bankid-login> needs the attribute src: where the updates of an order come from");
    this.#close = listen(src, {
      onUpdate: (update) => this.#take(update),
      onLost: () => this.#failed({ message: both("broken") }),
      withCredentials: this.#withCredentials,
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
    this.#view = view;
    this.#render();
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
      message: make("p", { part: "message", role: "status" }),
      qr: make("bankid-qr", { exportparts: "code" }),
      progress: make("span", { part: "progress", "aria-hidden": "true" }),
      failure: make("p", { part: "failure", role: "alert" }),
      open: startLink(),
      openOtherwise: startLink(),
      first: button("button start", () => this.start(parts.first.value)),
      second: button("button start", () => this.start(parts.second.value)),
      retry: button("button retry", () => this.reset()),
      instead: button("button instead", () => this.start(OTHER[this.#startMode])),
      cancel: button("button cancel", () => this.cancel()),
    };
    // Once whatever shows it is done with that.
    parts.qr.addEventListener("statechange", () => queueMicrotask(() => {
      if (this.#view === "waiting" && parts.qr.state === "failed") this.#failed({ message: both("broken") });
    }));
    parts.open.addEventListener("click", () => {
      this.#isOpened = true;
      this.#render();
    });
    for (const quiet of [parts.second, parts.instead, parts.openOtherwise]) quiet.classList.add("quiet");
    parts.cancel.classList.add("quietest");
    const panel = make("div", { part: "panel", role: "group", "aria-label": "BankID", tabindex: "-1" }, ...Object.values(parts));
    root.append(panel);
    return { panel, ...parts };
  }

  #render() {
    if (this.#parts === undefined) return;
    const { panel, question, qr, progress, message, failure, open, openOtherwise, first, second, retry, instead, cancel } = this.#parts;
    const focused = this.shadowRoot.activeElement;
    const language = languageOf(this);
    const words = WORDS[language];
    const is = (view) => this.#view === view;
    // What is said aloud when it changes is left alone when it does not, and is always there, if empty.
    const say = (element, text) => element.textContent !== text && (element.textContent = text);
    const show = (element, isShown, text) => {
      element.hidden = !isShown;
      say(element, text);
    };
    const [one, two] = this.#device === "mobile" ? ["autostart", "qr"] : ["qr", "autostart"];
    [first.value, second.value] = [one, two];
    show(question, is("choice"), words[this.#device]);
    show(first, is("choice"), words[one]);
    show(second, is("choice"), words[two]);

    const { hintCode, startUrl } = this.#update ?? {};
    const isCode = is("waiting") && this.#startMode === "qr" && isWaited(hintCode);
    qr.lang = language;
    qr.update = isCode && this.#update ? { ...this.#update, startUrl: undefined } : undefined;
    qr.hidden = !isCode;
    const link = is("waiting") && this.#startMode === "autostart" && isStartUrl(startUrl) ? startUrl : undefined;
    show(open, link !== undefined, words.open);
    set(open, "href", link);
    // Some browsers do not hand the app's own links over to it (8.3), and do not tell either.
    const other = link && this.#isOpened ? otherStartUrl(link) : undefined;
    show(openOtherwise, other !== undefined, words.openOtherwise);
    set(openOtherwise, "href", other);
    progress.hidden = !is("waiting") || isCode || link !== undefined;

    const said = is("done") ? words.done : (inLanguage(this.#update?.message, language) ?? words.connecting);
    say(message, is("waiting") || is("done") ? said : "");
    say(failure, is("failed") ? (inLanguage(this.#failure, language) ?? words.broken) : "");
    show(retry, is("failed"), words.retry);
    show(instead, is("waiting") && isWaited(hintCode), words[`${OTHER[this.#startMode] ?? "qr"}Instead`]);
    show(cancel, is("waiting"), words.cancel);
    // What had the focus is gone, and a keyboard must not start at the top of the page.
    if (focused?.hidden) panel.focus();
  }
}
