// Login and sign in the browser, which shows what the backend's events say and knows neither the order's reference nor
// its secrets. It calls: GET and DELETE /session; POST /bankid/login, sign, finish and cancel; GET /bankid/events.

import { drawQr } from "./qr.js";
import { inBoth, texts } from "./texts.js";

/** A code can be scanned for 30 seconds; so many more follow while somebody looks for the phone. */
const RESTARTS = 4;

const $ = (selector) => document.querySelector(selector);

const state = { view: "choose", language: navigator.language.startsWith("sv") ? "sv" : "en" };
let events;

const show = (change) => {
  const moved = change.view !== undefined && change.view !== state.view;
  Object.assign(state, change);
  render();
  if (moved) (state.text && state.view === "choose" ? $("#signed h2") : $("h1")).focus();
};

const render = () => {
  const { view, language, name, text, startMode, update = {}, message } = state;
  const words = texts[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = words[element.dataset.text];
  for (const section of ["choose", "wait", "failed"]) $(`#${section}`).hidden = section !== view;

  document.title = words[operation()];
  $("h1").textContent = document.title;
  $("#language").lang = language === "sv" ? "en" : "sv";
  $("#person").hidden = !name;
  $("#name").textContent = name ?? "";
  $("#signed").hidden = !text || view !== "choose";
  $("#text").textContent = text ?? "";
  $("#message").textContent = message?.[language] ?? words.connecting;
  $("#failure").textContent = view === "failed" ? message[language] : "";

  const qr = startMode === "qr" ? update.qr : undefined;
  $("#qr").hidden = !qr;
  $("#qr").ariaLabel = words.qr;
  if (qr && $("#qr").dataset.drawn !== qr) drawQr($("#qr"), qr);
  $("#qr").dataset.drawn = qr ?? "";
  // A button, since mobile browsers start the app only at a tap.
  const startUrl = startMode === "autostart" ? update.startUrl : undefined;
  $("#open").hidden = !startUrl;
  if (startUrl) $("#open").href = startUrl;
  else $("#open").removeAttribute("href");
};

/** Who has logged in can sign. */
const operation = () => (state.name ? "sign" : "login");

/** What went wrong, as users are told. */
class Failure extends Error {
  constructor(message) {
    super(message.en);
    this.shown = message;
  }
}

/** Calls the backend. */
const call = async (method, path, body = {}) => {
  const json = method === "POST" && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, ...json }).catch(() => Response.error());
  const text = await response.text();
  const answer = text.startsWith("{") ? JSON.parse(text) : {};
  if (!response.ok) throw new Failure(answer.message ?? inBoth(response.status === 403 ? "elsewhere" : "broken"));
  return answer;
};

/** Shows what goes wrong in the work as a failure. */
const attempt = (work) => async () => {
  try {
    await work();
  } catch (error) {
    events?.close();
    show({ view: "failed", message: error.shown ?? inBoth("broken") });
  }
};

const start = (startMode, restarts = startMode === "qr" ? RESTARTS : 0) => attempt(async () => {
  show({ view: "wait", startMode, restarts, update: undefined, message: undefined, text: undefined });
  const { language } = state;
  await call("POST", `/bankid/${operation()}`, { startMode, language, maxTouchPoints: navigator.maxTouchPoints });
  // Who has cancelled meanwhile wants no order.
  if (state.view === "wait") listen();
  else await call("POST", "/bankid/cancel");
});

const listen = () => {
  events?.close();
  events = new EventSource("/bankid/events");
  events.onmessage = ({ data }) => {
    const update = JSON.parse(data);
    if (update.status === "pending") return show({ update, message: update.message });
    events.close();
    if (update.status === "complete") finish();
    else if (update.hintCode === "startFailed" && state.restarts > 0) start(state.startMode, state.restarts - 1)();
    else fail(update.message);
  };
  // The browser comes back by itself, unless the backend has told it that there is nothing to hear.
  events.onerror = () => events.readyState === EventSource.CLOSED && fail(inBoth("broken"));
};

/** Claims the result, with the nonce in the fragment if the app has sent the user back here. */
const finish = attempt(async () => {
  const { name, text } = await call("POST", "/bankid/finish", { returned: location.hash });
  history.replaceState(null, "", location.pathname);
  show({ view: "choose", name, text });
});

/** Unless another window of the same session has ended the order, or got the result that this one missed. */
const fail = (message) => attempt(async () => {
  const { name, pending } = await call("GET", "/session");
  if (!pending) return show({ view: "choose", name });
  if (pending.complete) return finish();
  await call("POST", "/bankid/cancel");
  throw new Failure(message);
})();

const cancel = attempt(async () => {
  events?.close();
  await call("POST", "/bankid/cancel");
  show({ view: "choose" });
});

/** Where the session stands: after a reload, in a second window, or when the app has opened this one. */
const resume = attempt(async () => {
  const { name, pending } = await call("GET", "/session");
  if (!pending) return show({ view: "choose", name });
  show({ view: "wait", name, startMode: pending.startMode });
  listen();
});

// At a computer the code comes first, at a phone the app on it.
if (matchMedia("(pointer: fine)").matches) $("#choose").append($('[data-start="autostart"]'));
for (const button of document.querySelectorAll("[data-start]")) button.onclick = start(button.dataset.start);
$("#cancel").onclick = cancel;
$("#retry").onclick = () => show({ view: "choose" });
$("#language").onclick = () => show({ language: state.language === "sv" ? "en" : "sv" });
$("#logout").onclick = attempt(async () => {
  await call("DELETE", "/session");
  show({ view: "choose", name: undefined, text: undefined });
});

// Who leaves ends the order. Not on this device: Safari loads the page anew when the app sends the user back.
addEventListener("pagehide", () => {
  if (state.view === "wait" && state.startMode === "qr") navigator.sendBeacon("/bankid/cancel");
});
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
resume();
