// Login and sign in the browser. <bankid-login> starts, shows and cancels orders; the page asks the backend how the session
// stands, and claims the result. It knows neither an order's reference nor its secrets.

import { texts } from "./texts.js";

const $ = (selector) => document.querySelector(selector);

const login = $("bankid-login");
const state = { language: navigator.language.startsWith("sv") ? "sv" : "en" };

/** Who has logged in can sign. */
const show = (change) => {
  Object.assign(state, change);
  const { language, name, text } = state;
  const words = texts[language];
  document.documentElement.lang = language;
  login.lang = language;
  login.setAttribute("start-action", name ? "/bankid/sign" : "/bankid/login");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = words[element.dataset.text];
  document.title = words[name ? "sign" : "login"];
  $("h1").textContent = document.title;
  $("#language").lang = language === "sv" ? "en" : "sv";
  $("#person").hidden = !name;
  $("#name").textContent = name ?? "";
  $("#signed").hidden = !text;
  $("#text").textContent = text ?? "";
};

/** Calls the backend. */
const call = async (method, path, body = {}) => {
  const json = method === "POST" && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, ...json });
  if (!response.ok) throw Object.assign(new Error(path), { status: response.status });
  return response.headers.get("content-type")?.startsWith("application/json") ? response.json() : {};
};

/** Shows what goes wrong in the work as a failure. */
const attempt = (work) => async (...given) => {
  try {
    await work(...given);
  } catch ({ status }) {
    login.fail(status === 403 ? { sv: texts.sv.elsewhere, en: texts.en.elsewhere } : undefined);
  }
};

/** Claims the result, with the nonce in the fragment if the app has sent the user back here. */
const finish = attempt(async () => {
  const { name, text } = await call("POST", "/bankid/finish", { returned: location.hash });
  history.replaceState(null, "", location.pathname);
  login.reset();
  show({ name, text });
  if (text) $("#signed h2").focus();
});

/** A failure, unless another window of the same session has ended the order, or got the result that this one missed. */
const fail = attempt(async (message) => {
  const { name, pending } = await call("GET", "/session");
  if (pending?.complete) return finish();
  if (pending) await call("POST", "/bankid/cancel");
  else if (name !== state.name) return login.reset(show({ name }));
  login.fail(message);
});

/** Where the session stands: after a reload, in a second window, or when the app has opened this one. */
const resume = attempt(async () => {
  const { name, pending } = await call("GET", "/session");
  show({ name });
  if (pending) login.resume(pending.startMode);
});

login.addEventListener("start", () => show({ text: undefined }));
login.addEventListener("complete", finish);
login.addEventListener("failed", (event) => {
  event.preventDefault();
  fail(event.detail.message);
});
$("#language").onclick = () => show({ language: state.language === "sv" ? "en" : "sv" });
$("#logout").onclick = attempt(async () => {
  await call("DELETE", "/session");
  login.reset();
  show({ name: undefined, text: undefined });
});
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

show({});
resume();
