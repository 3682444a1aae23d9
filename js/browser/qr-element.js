// <bankid-qr>: the animated code of one order, and the button that opens the app on this device. It draws what it is given,
// by one attribute of one path; it starts no orders and decides on no messages: that is <bankid-login>.

import { ServerTime, computedCodes, finishedCode, isWaited } from "./code.js";
import { Base, languageOf, make, onLanguage, set, shadow, startLink, upgraded } from "./dom.js";
import { isStartUrl } from "./launch.js";
import { listen } from "./stream.js";
import { BUTTON_CSS, QR_CSS } from "./theme.js";
import { WORDS } from "./words.js";

/** The symbol and its quiet zone, in modules: version 6, and 4 on each side. */
const SIZE = 49;

const PROPERTIES = ["drawer", "src", "text", "path", "tokens", "hintCode", "startUrl", "update"];

export class BankIdQr extends Base {
  static observedAttributes = ["src", "text", "path", "hint-code", "start-url", "lang"];

  /** What draws, unless an element has its own `drawer`: the module that the entry has chosen. */
  static drawer;

  #parts;
  #drawer;
  #code;
  #hintCode;
  #startUrl;
  #update;
  #isOver = false;
  #isBroken = false;
  #serverTime = new ServerTime();
  #close = () => {};
  #ignoreLanguage = () => {};
  #timer;
  #state = "waiting";
  #onVisibility = () => this.#render();

  connectedCallback() {
    upgraded(this, PROPERTIES);
    this.#parts ??= this.#build();
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#ignoreLanguage = onLanguage(() => this.#render());
    this.#listen();
    this.#render();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#ignoreLanguage();
    this.#close();
    this.#render();
  }

  attributeChangedCallback(name, before, value) {
    if (before === value) return;
    if (name === "src") this.#listen();
    else if (name !== "lang") this[{ "hint-code": "hintCode", "start-url": "startUrl" }[name] ?? name] = value ?? undefined;
    this.#render();
  }

  /** `waiting`, `shown`, `paused`, `over` or `failed`; a `statechange` event tells of each change. */
  get state() {
    return this.#state;
  }

  get drawer() {
    return this.#drawer ?? this.constructor.drawer;
  }

  set drawer(drawer) {
    this.#drawer = drawer;
    this.#isBroken = false;
    this.#render();
  }

  get src() {
    return this.getAttribute("src") ?? undefined;
  }

  set src(src) {
    set(this, "src", src);
  }

  set text(text) {
    this.#take(text && finishedCode({ text }));
  }

  set path(path) {
    this.#take(path && finishedCode({ path }));
  }

  set tokens(tokens) {
    // Of another order, of which nobody has said anything yet.
    this.#isOver = false;
    this.#take(tokens && computedCodes(tokens));
  }

  get hintCode() {
    return this.#hintCode;
  }

  set hintCode(hintCode) {
    this.#hintCode = hintCode;
    this.#isOver = !isWaited(hintCode);
    this.#render();
  }

  get startUrl() {
    return this.#startUrl;
  }

  set startUrl(url) {
    this.#startUrl = isStartUrl(url) ? url : undefined;
    this.#render();
  }

  /** The last order update. */
  get update() {
    return this.#update;
  }

  set update(update) {
    this.#update = update;
    const { status, hintCode, qr: text, path, startUrl, at } = update ?? {};
    const isPending = status === "pending" || update === undefined;
    this.#hintCode = hintCode;
    this.#isOver = !isPending || !isWaited(hintCode);
    const ageMs = this.#serverTime.ageMs(at);
    if (text || path) this.#code = finishedCode({ text, path }, ageMs);
    else if (!this.#code?.isComputed) this.#code = undefined;
    this.startUrl = isPending ? startUrl : undefined;
  }

  #take(code) {
    this.#code = code || undefined;
    this.#render();
  }

  #listen() {
    this.#close();
    this.#close = () => {};
    // Attributes come before the element does.
    if (!this.isConnected || this.#parts === undefined || this.src === undefined) return;
    this.#serverTime = new ServerTime();
    const withCredentials = this.getAttribute("crossorigin") === "use-credentials";
    const onUpdate = (update) => {
      this.update = update;
      this.dispatchEvent(new CustomEvent("update", { detail: update }));
    };
    const onLost = () => {
      this.update = undefined;
      this.dispatchEvent(new CustomEvent("lost"));
    };
    this.#close = listen(this.src, { onUpdate, onLost, withCredentials });
  }

  #build() {
    const root = shadow(this, QR_CSS + BUTTON_CSS);
    // Dark on light for whatever the page's style sheets say of paths.
    const path = make("path", { fill: "#000", "shape-rendering": "crispEdges" });
    const svg = make("svg", { part: "code", viewBox: `0 0 ${SIZE} ${SIZE}` }, path);
    const status = make("span", { role: "status" });
    const open = startLink();
    root.append(svg, status, open);
    return { svg, path, status, open };
  }

  #render() {
    clearTimeout(this.#timer);
    if (this.#parts === undefined) return;
    const { svg, path, open } = this.#parts;
    const words = WORDS[languageOf(this)];
    const { d, state, inMs } = this.#now();
    if (d === undefined) path.removeAttribute("d");
    else if (path.getAttribute("d") !== d) path.setAttribute("d", d);
    svg.toggleAttribute("hidden", state === "over" || state === "failed");
    set(svg, "role", d !== undefined && "img");
    set(svg, "aria-label", d !== undefined && words.code);
    set(svg, "aria-hidden", d === undefined && "true");
    open.textContent = words.open;
    open.hidden = this.#startUrl === undefined || this.#isOver;
    set(open, "href", this.#startUrl);
    if (inMs !== undefined) this.#timer = setTimeout(() => this.#render(), inMs);
    this.#enter(state, words);
  }

  /** What is to be seen at this moment, and in how many milliseconds to look again. */
  #now() {
    if (this.#isOver) return { state: "over" };
    if (!this.isConnected || document.visibilityState === "hidden") return { state: "paused" };
    const { text, path, tokens, inMs, over } = this.#code?.now() ?? {};
    if (over) return { state: "over" };
    if (inMs === undefined) return { state: "waiting" };
    if (path) return { state: "shown", d: path, inMs };
    return this.#drawn(text, tokens, inMs);
  }

  #drawn(text, tokens, inMs) {
    const { drawer } = this;
    if (this.#isBroken) return { state: "failed" };
    try {
      if (tokens && drawer.qrText === undefined) throw new TypeError("tokens: are for bankid-kit/browser/hmac; import that, or set `text`");
      if (drawer.loaded()) return { state: "shown", d: drawer.qrPath(text ?? drawer.qrText(...tokens)), inMs };
      drawer.load().then(() => this.#render(), (error) => this.#fail(error));
      return { state: "waiting" };
    } catch (error) {
      console.error("bankid-kit: the QR code cannot be drawn:", error);
      return { state: "failed" };
    }
  }

  /** Not tried again, since each try may be a report of the policy that forbids it. */
  #fail(error) {
    if (this.#isBroken) return;
    this.#isBroken = true;
    console.error("bankid-kit: the QR code cannot be drawn; does the page's content security policy have 'wasm-unsafe-eval'?", error);
    this.#render();
  }

  #enter(state, words) {
    if (state === this.#state) return;
    this.#state = state;
    // The code changes each second, and nobody wants to hear of that; nor of a tab that was away.
    const said = words[state];
    const { status } = this.#parts;
    if (said !== undefined && status.textContent !== said) status.textContent = said;
    this.dispatchEvent(new CustomEvent("statechange"));
  }
}
