// The demo's story, told by nobody's hand: a person in Chromium logs in, cancels, fails, tries again and signs, and what the page
// shows is printed as it changes.

import { launchChromium } from "../tests/support/chromium.mjs";

const LIMIT_MS = 60_000;

const QR = "Mobile BankID on another device";

/** Tells it at the shop of this address; rejects where the page does not show what it must. */
export const tell = async (url, say = console.log) => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ locale: "en-GB" });
    page.setDefaultTimeout(LIMIT_MS);
    await page.exposeFunction("shown", (what) => say(`  ${what}`));
    await page.goto(url);
    await page.evaluate(watch);
    const sees = (text) => page.getByText(text).filter({ visible: true }).first().waitFor();
    const press = (name) => page.getByRole("button", { name, exact: true }).click();
    const customer = (scenario) => page.locator("#scenario").selectOption(scenario);

    say("The customer cancels.");
    await customer("realistic");
    await press(QR);
    await page.locator("bankid-qr").waitFor({ state: "visible" });
    await press("Cancel");
    await page.getByRole("button", { name: QR, exact: true }).waitFor();

    say("The customer's BankID is blocked.");
    await customer("certificateErr");
    await press(QR);
    await sees("Your BankID is blocked or too old.");
    await press("Try again");

    say("The customer logs in.");
    await customer("realistic");
    await press(QR);
    await sees("Sign the order");

    say("The customer signs the order.");
    await press(QR);
    await sees("Thank you for your order!");
    say("The shop has a signed order.");
  } finally {
    await browser.close();
  }
};

/** In the page: says what the login shows, once for each change. */
const watch = () => {
  const login = document.querySelector("bankid-login");
  let last;
  const tell = (what) => {
    if (what !== last) void globalThis.shown(what);
    last = what;
  };
  login.addEventListener("update", ({ detail }) => tell(`${detail.hintCode ?? detail.status}: ${detail.message}${detail.qr ? " (a code each second)" : ""}`));
  login.addEventListener("cancel", () => tell("cancelled"));
};
