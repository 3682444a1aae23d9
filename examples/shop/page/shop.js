// The cart, a login, and the signed order. <bankid-login> talks to the gateway's surface for pages; what a completed order means
// is for the shop's backend to say, which gets the code that comes with it.

import { texts } from "./texts.js";

const $ = (selector) => document.querySelector(selector);

const login = $("bankid-login");
const state = { language: navigator.language.startsWith("sv") ? "sv" : "en", lines: [], total: 0 };

const call = async (method, path, body = {}) => {
  const json = method === "POST" && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, ...json });
  if (!response.ok) throw Object.assign(new Error(path), { status: response.status });
  return response.json();
};

const show = (change) => {
  Object.assign(state, change);
  const { language, lines, total, name, receipt, isDemo } = state;
  const words = texts[language];
  const kronor = (price) => new Intl.NumberFormat(language, { style: "currency", currency: "SEK", minimumFractionDigits: 0 }).format(price / 100);
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = words[element.dataset.text];
  $("#language").lang = language === "sv" ? "en" : "sv";
  $("#lines").replaceChildren(...lines.map(({ name: what, count, price }) => row(what[language], count, kronor(count * price))));
  $("#total").textContent = kronor(total);
  $("#person").hidden = !name;
  $("#name").textContent = name ?? "";
  const step = receipt ? "done" : name ? "sign" : "login";
  $("#step").textContent = words[step];
  $("#about").textContent = receipt ? words.aboutDone(receipt.number, receipt.name) : words[name ? "aboutSign" : "aboutLogin"];
  login.hidden = Boolean(receipt);
  $("#demo").hidden = !isDemo;
};

const row = (what, ...numbers) => {
  const cell = (text, isNumber) => Object.assign(document.createElement("td"), { textContent: text, className: isNumber ? "number" : "" });
  const element = document.createElement("tr");
  element.append(cell(what), ...numbers.map((number) => cell(number, true)));
  return element;
};

const inBoth = (word) => ({ sv: texts.sv[word], en: texts.en[word] });

/** What starts an order beside how: to sign, a ticket that the backend has for this customer's cart. */
login.data = async () => {
  if (state.isDemo) await call("POST", "/demo/next", { scenario: $("#scenario").value });
  return state.name ? call("POST", "/shop/ticket", { language: state.language }) : {};
};

login.addEventListener("complete", async ({ detail: { code } }) => {
  // Without a code the result is for the window that the app has opened.
  if (code === undefined) return login.fail(inBoth("elsewhere"));
  try {
    if (state.name) show({ receipt: await call("POST", "/shop/signed", { code }) });
    else show(await call("POST", "/shop/login", { code }));
    login.reset();
    $("#step").focus();
  } catch {
    login.fail(inBoth("again"));
  }
});

$("#language").onclick = () => show({ language: state.language === "sv" ? "en" : "sv" });
$("#logout").onclick = async () => {
  await call("POST", "/shop/logout");
  await login.cancel();
  show({ name: undefined, receipt: undefined });
};

/** After a reload, or in the window that the app has opened: goes on with what was begun on this device. */
const resume = async () => {
  show(await call("GET", "/shop"));
  const isBack = location.hash.includes("nonce=");
  const { order } = await (isBack ? call("POST", "/session/return", { returned: location.hash }) : call("GET", "/session"));
  history.replaceState(null, "", location.pathname);
  if (order) login.resume(order.startMode);
};

// A demo's pretend customer, and the phone to be the customer oneself.
let update;
login.addEventListener("update", (event) => (update = event.detail));
$("#scenario").onchange = ({ target: { value } }) => {
  $("#phone").hidden = value !== "phone";
  login.restarts = value === "startFailed" ? 0 : 4;
};
for (const button of document.querySelectorAll("[data-action]")) {
  button.onclick = async () => {
    const action = button.dataset.action === "scan" && !update?.qr ? "open" : button.dataset.action;
    const said = await call("POST", "/demo/phone", { action, qr: update?.qr, url: update?.startUrl }).catch(() => texts[state.language].phoneRefused);
    $("#said").textContent = typeof said === "string" ? said : "";
  };
}

show({});
await resume();
