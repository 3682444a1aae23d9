// The shop at the gateway: people who log in and sign what they order.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";

import { Simulator } from "bankid-kit/simulator";

import { agreement } from "../../examples/shop/goods.js";
import { startShop } from "../../examples/shop/server.js";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { blameless, until, visit } from "./visitor.mjs";

const QR = "Mobilt BankID på en annan enhet";
const HERE = "BankID på den här enheten";
const PIN = "Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.";

describe("the shop at the gateway", () => {
  let simulator, gateway, browser, shop, anna, visitor;

  before(async () => {
    simulator = await Simulator.start({ scenario: "phone", tlsPort: false });
    const places = { simulator: new URL(simulator.http).origin };
    shop = await startShop(places);
    gateway = await startGateway({ simulator: simulator.http, origin: shop.url });
    Object.assign(places, { gateway: gateway.url, key: gateway.key });
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
    await shop?.stop();
    await simulator?.stop();
  });
  beforeEach(async () => {
    await simulator.reset();
    anna = simulator.phone("anna");
  });
  afterEach(() => visitor?.leave());

  const arrive = async (how, url = shop.url) => {
    visitor = await visit(browser, url, how);
    // What the pretend customer does is for each test to say.
    await visitor.page.locator("#scenario").selectOption("phone");
    return visitor;
  };

  const logIn = async () => {
    const person = await arrive();
    await person.press(QR);
    await anna.scan(await person.qr());
    await person.sees(PIN);
    await anna.approve();
    await person.sees("Skriv under beställningen");
    await person.sees("Anna Testberg");
    return person;
  };

  test("a customer logs in and signs the order, and the shop keeps the evidence", async () => {
    const person = await logIn();
    await blameless(person.page, "sign");
    await person.press(QR);
    const { request } = await anna.scan(await person.qr());
    assert.deepEqual([request.text, request.format], [agreement("sv"), "simpleMarkdownV1"]);
    await anna.approve();
    await person.sees("Tack för din beställning!");
    await person.sees(`Beställning nummer ${shop.sold.length} är underskriven av Anna Testberg.`);
    await blameless(person.page, "done");
    const { user, text, signature, ocspResponse } = shop.sold.at(-1);
    assert.deepEqual([user.name, text], ["Anna Testberg", agreement("sv")]);
    assert.ok(signature && ocspResponse);
    await person.page.reload();
    await person.sees("Tack för din beställning!");

    const orders = await simulator.orders();
    const received = await person.received();
    for (const secret of [user.personalNumber, ...orders.map(({ orderRef }) => orderRef)]) {
      assert.ok(!received.includes(secret), "what the browser was sent");
      assert.ok(!gateway.logged().includes(secret), "what the gateway logged");
    }
    assert.doesNotMatch(received, /error in the page/);
  });

  test("on an iPhone the shop goes on in the window that the app has opened", async () => {
    const person = await arrive({ device: "iphone" });
    await person.press(HERE);
    const { request } = await anna.open(await person.openApp("Öppna BankID-appen"));
    await anna.approve();
    await person.sees("Fortsätt i fönstret som BankID-appen öppnade.");
    const opened = await person.window(request.returnUrl);
    await opened.sees("Anna Testberg");
    assert.equal(new URL(opened.page.url()).hash, "");
  });

  test("a code is good once, and for what it was asked for", async () => {
    const person = await arrive();
    const codes = [];
    await person.page.exposeFunction("seen", (code) => codes.push(code));
    await person.page.evaluate(() => document.querySelector("bankid-login").addEventListener("complete", ({ detail }) => seen(detail.code)));
    await person.press(QR);
    await anna.scan(await person.qr());
    await anna.approve();
    await person.sees("Anna Testberg");
    const post = (path, body) => person.page.evaluate(async (given) => (await fetch(given[0], {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(given[1]),
    })).status, [path, body]);
    assert.equal(await post("/shop/login", { code: codes[0] }), 404);
    assert.equal(await post("/shop/signed", { code: "made up" }), 404);

    // A login is no signature.
    const other = await visit(browser, shop.url);
    await other.page.locator("#scenario").selectOption("phone");
    await other.page.evaluate(() => document.querySelector("bankid-login").addEventListener("complete", (event) => {
      event.stopImmediatePropagation();
      document.title = event.detail.code;
    }, { capture: true }));
    await other.press(QR);
    await anna.scan(await other.qr());
    await anna.approve();
    await until(async () => (await other.page.title()) !== "Fjällkaffe");
    assert.equal(await post("/shop/signed", { code: await other.page.title() }), 403);
    await other.leave();
    assert.equal(shop.sold.some(({ text }) => text === undefined), false);
  });

  test("who cancels ends the order, and what fails is said in both languages", async () => {
    const person = await arrive();
    await person.press(QR);
    await person.qr();
    await person.press("Avbryt");
    await until(async () => (await simulator.orders()).at(-1).gone === "cancelled");
    await person.page.locator("#scenario").selectOption("certificateErr");
    await person.press(QR);
    await person.sees("Ditt BankID är för gammalt eller spärrat. Använd ett annat BankID eller skaffa ett nytt hos din bank.");
    await blameless(person.page, "failed");
    await person.press("In English");
    await person.press("Try again");
    await person.press("Mobile BankID on another device");
    await person.sees("Your BankID is blocked or too old. Please use another BankID or get a new one from your bank.");
  });

  test("the demo's phone does what a person would", async () => {
    const person = await arrive();
    await person.press(QR);
    await person.qr();
    await person.press("Godkänn");
    await person.sees("Inte nu.");
    await person.press("Läs av eller öppna");
    await person.sees(PIN);
    await person.press("Godkänn");
    await person.sees("Anna Testberg");
    await person.press(HERE);
    await person.page.getByRole("link", { name: "Öppna BankID-appen" }).waitFor();
    await person.press("Läs av eller öppna");
    await person.sees(PIN);
    await person.press("Avbryt i appen");
    await person.sees("Åtgärden avbröts.");
    await person.press("Logga ut");
    await person.sees("Logga in för att beställa");
  });

  test("another site's page is refused", async () => {
    for (const headers of [{}, { origin: "https://evil.example" }]) {
      const response = await fetch(new URL("/shop/login", shop.url), { method: "POST", headers, body: "{}" });
      assert.equal(response.status, 403);
    }
    for (const path of ["/../server.js", "/server.js", "/bankid-kit/../index.js", "/bankid-kit/%2e%2e/index.js", "/auth"]) {
      assert.equal((await fetch(new URL(path, shop.url))).status, 404, path);
    }
  });
});
