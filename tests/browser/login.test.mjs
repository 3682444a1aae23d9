// <bankid-login> in Chromium: what people see and press, what the backend is asked, and what the page is told.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { WITHOUT_WASM, page as html, startSite } from "../support/page-server.mjs";
import { stillPage, turnedWorld } from "./world.mjs";
import { IPHONE, blameless, faultsOf, until } from "./visitor.mjs";

const HEAD = '<script type="module" src="/bankid-kit/index.js"></script>';
const LOGIN = '<bankid-login start-action="/start" src="/events" cancel-action="/cancel"></bankid-login>';

const QR = "Mobilt BankID på en annan enhet";
const HERE = "BankID på den här enheten";
const BROKEN = "Något gick fel. Försök igen.";

describe("<bankid-login>", () => {
  const world = turnedWorld("login");

  const visit = async (t, { head = HEAD, policy, ...how } = {}) => {
    const site = await startSite({ "/": html(`<h1>BankID</h1>${LOGIN}`, { head }) }, policy && { policy });
    t.after(() => site.stop());
    const page = await stillPage(await world.context(t, how));
    const faults = faultsOf(page);
    await page.goto(site.url);
    const login = page.locator("bankid-login");
    await login.evaluate((element) => {
      window.told = [];
      for (const type of ["start", "update", "complete", "failed", "cancel"]) {
        element.addEventListener(type, ({ detail }) => type !== "update" && told.push([type, detail]));
      }
    });
    const button = (name) => page.getByRole("button", { name, exact: true });
    return {
      site, page, login, faults,
      press: (name) => button(name).click(),
      sees: (text) => page.getByText(text, { exact: true }).filter({ visible: true }).first().waitFor(),
      buttons: () => page.getByRole("button").allInnerTexts(),
      told: () => page.evaluate("told"),
      paths: () => site.posted.map(({ path }) => path),
      code: page.getByRole("img"),
      clean: (what) => blameless(page, what),
    };
  };

  test("from the choice to the end by QR code, and nothing that axe would blame", async (t) => {
    const visitor = await visit(t);
    const { site, press, sees, code, clean, told, faults, buttons } = visitor;
    await sees("Vill du använda BankID på den här datorn eller ett Mobilt BankID?");
    assert.deepEqual(await buttons(), [QR, HERE], "at a computer the code comes first");
    await clean("choice");
    await press(QR);
    await sees("Ett ögonblick.");
    await site.listened();
    assert.deepEqual(site.posted.map(({ path, body }) => [path, body]), [["/start", { startMode: "qr", language: "sv", maxTouchPoints: 0 }]]);
    const order = await world.order();
    site.send(order.update());
    await sees("Starta BankID-appen.");
    await order.accepts(await code.screenshot());
    await clean("code");
    assert.deepEqual(await visitor.page.getByRole("link").count(), 0, "a code is for another device");
    const picture = await code.screenshot();
    await order.complete(picture);
    site.send(order.pending("userSign"));
    await sees("Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.");
    assert.equal(await code.isVisible(), false);
    assert.deepEqual(await buttons(), ["Avbryt"]);
    await clean("picked up");
    site.send({ status: "complete", message: "Klart." });
    await sees("Klart.");
    await clean("done");
    assert.deepEqual(await told(), [["start", { startMode: "qr" }], ["complete", { status: "complete", message: "Klart." }]]);
    assert.deepEqual(faults, []);
  });

  test("at a phone the app comes first, by a link to be tapped", async (t) => {
    const { site, page, press, sees, buttons, clean } = await visit(t, { ...IPHONE });
    await sees("Vill du använda BankID på den här enheten eller på en annan enhet?");
    assert.deepEqual(await buttons(), [HERE, QR]);
    await press(HERE);
    await site.listened();
    const order = await world.order();
    site.send(order.update({ message: "Försöker starta BankID-appen." }));
    const open = page.getByRole("link", { name: "Öppna BankID-appen" });
    assert.equal(await open.getAttribute("href"), order.startUrl);
    assert.equal(await page.getByRole("img").count(), 0);
    await clean("link");
    site.send(order.update({ startUrl: "javascript:alert(1)" }));
    await open.waitFor({ state: "hidden" });
  });

  for (const [browser, userAgent, isOffered] of [["Safari", IPHONE.userAgent, false], ["Chrome", IPHONE.userAgent.replace("Version/", "CriOS/"), true]]) {
    test(`in ${browser} on a phone, whoever has tapped the app's own link ${isOffered ? "may try the other" : "has the only one"}`, async (t) => {
      const { site, page, press, clean } = await visit(t, { ...IPHONE, userAgent });
      await page.evaluate(() => document.addEventListener("click", (event) => event.preventDefault()));
      await press(HERE);
      await site.listened();
      site.send((await world.order()).update({ startUrl: "https://app.bankid.com/?autostarttoken=x" }));
      const other = page.getByRole("link", { name: "Händer ingenting? Öppna appen på ett annat sätt" });
      const open = page.getByRole("link", { name: "Öppna BankID-appen" });
      await open.waitFor();
      assert.equal(await other.isVisible(), false);
      await open.click();
      assert.equal(await other.isVisible(), isOffered);
      if (isOffered) assert.equal(await other.getAttribute("href"), "bankid:///?autostarttoken=x");
      await clean("tapped");
    });
  }

  test("who changes their mind starts the other way, in the same place", async (t) => {
    const { site, press, sees, told, paths } = await visit(t);
    await press(QR);
    await sees("Ett ögonblick.");
    await press("Använd BankID på den här enheten i stället");
    await until(() => site.posted.length === 2);
    assert.deepEqual(site.posted.map(({ body }) => body.startMode), ["qr", "autostart"]);
    await press("Läs av en QR-kod i stället");
    await until(() => site.posted.length === 3);
    assert.deepEqual(paths(), ["/start", "/start", "/start"], "a new order takes the place of the old one");
    assert.equal((await told()).length, 3);
  });

  test("who cancels is where they were, and the order ends", async (t) => {
    const { site, press, sees, told, paths } = await visit(t);
    await press(QR);
    await site.listened();
    await press("Avbryt");
    await sees("Vill du använda BankID på den här datorn eller ett Mobilt BankID?");
    await until(() => site.listeners() === 0);
    assert.deepEqual(paths(), ["/start", "/cancel"]);
    assert.deepEqual((await told()).map(([type]) => type), ["start", "cancel"]);
  });

  test("an order that was started for somebody who has cancelled meanwhile is cancelled", async (t) => {
    const { site, press, sees, paths } = await visit(t);
    let answer;
    site.answer = (path) => (path === "/start" ? new Promise((resolve) => (answer = resolve)) : { status: 204 });
    await press(QR);
    await until(() => answer !== undefined);
    await press("Avbryt");
    await sees("Vill du använda BankID på den här datorn eller ett Mobilt BankID?");
    // And who starts again at once does not have the new one cancelled.
    await press(QR);
    assert.deepEqual(paths(), ["/start"], "one after the other");
    answer({ status: 204 });
    await until(() => paths().length === 3);
    answer({ status: 204 });
    await site.listened();
    assert.deepEqual(paths(), ["/start", "/cancel", "/start"]);
    assert.equal(site.opened, 1);
  });

  test("who leaves while a code is shown ends the order, by a request with the page's own header", async (t) => {
    const { site, page, login, press, paths } = await visit(t);
    await login.evaluate((element) => {
      const { fetch } = element;
      element.fetch = (url, options) => fetch(url, { ...options, headers: { ...options.headers, "x-csrf": "7" } });
      element.data = { agreement: 4711 };
    });
    await press(QR);
    await site.listened();
    assert.equal(site.posted[0].body.agreement, 4711);
    await page.goto("about:blank");
    await until(() => paths().length === 2);
    assert.deepEqual(site.posted.map(({ path, headers }) => [path, headers["x-csrf"]]), [["/start", "7"], ["/cancel", "7"]]);
  });

  test("a backend of another origin gets the session's cookie where the page says so", async (t) => {
    const { site, page, login, press } = await visit(t, { policy: "script-src 'self' 'wasm-unsafe-eval'" });
    const backend = await startSite({}, { allow: new URL(site.url).origin });
    t.after(() => backend.stop());
    await page.evaluate(() => (document.cookie = "session=7"));
    await login.evaluate((element, url) => {
      element.setAttribute("crossorigin", "use-credentials");
      for (const name of ["start-action", "src", "cancel-action"]) element.setAttribute(name, new URL(element.getAttribute(name), url));
    }, backend.url);
    await press(QR);
    await backend.listened();
    await press("Avbryt");
    await until(() => backend.posted.length === 2);
    assert.deepEqual([...backend.posted.map(({ headers }) => headers.cookie), backend.cookie], Array(3).fill("session=7"));
  });

  test("a hint that nobody knows yet is waited through, with the message that the backend has for it", async (t) => {
    const { site, press, sees, code, buttons } = await visit(t);
    await press(QR);
    await site.listened();
    const order = await world.order();
    site.send(order.update());
    await code.waitFor();
    site.send(order.pending("somethingNew"));
    await sees("En identifiering eller underskrift pågår.");
    assert.equal(await code.isVisible(), false);
    assert.deepEqual(await buttons(), ["Avbryt"]);
    site.send({ status: "failed", hintCode: "somethingNew", message: { en: "No Swedish yet." } });
    await sees(BROKEN);
  });

  test("what fails is said aloud, in both languages, and can be tried again", async (t) => {
    const { site, page, login, press, sees, clean, told } = await visit(t);
    site.answer = () => ({ status: 409, json: { message: { sv: "Redan igång.", en: "Under way." } } });
    await press(QR);
    await sees("Redan igång.");
    assert.equal(await page.getByRole("alert").innerText(), "Redan igång.");
    await clean("failed");
    await login.evaluate((element) => (element.lang = "en"));
    await sees("Under way.");
    await press("Try again");
    site.answer = () => ({ status: 500 });
    await press("Mobile BankID on another device");
    await sees("Something went wrong. Please try again.");
    assert.deepEqual((await told()).map(([type]) => type), ["start", "failed", "start", "failed"]);
  });

  test("a code that nobody scans is followed by another order's, and in the end by the failure", async (t) => {
    const { site, login, press, sees, paths } = await visit(t);
    await login.evaluate((element) => (element.restarts = 2));
    await press(QR);
    for (let starts = 1; starts <= 3; starts += 1) {
      await until(() => site.opened === starts);
      site.send({ status: "failed", hintCode: "startFailed", message: "Misslyckades att läsa av QR-koden." });
    }
    await sees("Misslyckades att läsa av QR-koden.");
    assert.deepEqual(paths(), ["/start", "/start", "/start"]);
  });

  test("a stream that ends for good is a failure, and what is no update is passed over", async (t) => {
    const { site, page, login, press, sees, faults } = await visit(t);
    await press(QR);
    await site.listened();
    for (const odd of [null, 7, "text", [], {}, { status: "gone" }, { status: "pending" }]) site.send(odd);
    await sees("Ett ögonblick.");
    assert.equal(await login.evaluate(({ view }) => view), "waiting");
    site.streams = false;
    site.hangUp();
    await sees(BROKEN);
    assert.equal(faults.filter((fault) => fault.includes("no order update")).length, 6);
    // The page may know better.
    await login.evaluate((element) => element.addEventListener("failed", (event) => {
      event.preventDefault();
      element.reset();
    }, { once: true }));
    await press("Försök igen");
    await press(QR);
    await page.getByText("Vill du använda").waitFor();
  });

  test("where nothing can be drawn, the user is not left waiting for a code", async (t) => {
    const { site, press, sees, faults } = await visit(t, { policy: WITHOUT_WASM });
    const order = await world.order();
    for (const attempt of [1, 2]) {
      await press(QR);
      await until(() => site.opened === attempt);
      site.send(order.update());
      await sees(BROKEN);
      await press("Försök igen");
    }
    assert.equal(faults.filter((fault) => fault.includes("'wasm-unsafe-eval'?")).length, 1);
  });

  test("a page that comes back to an order goes on with it", async (t) => {
    const { site, page, login, sees, paths } = await visit(t);
    await login.evaluate((element) => element.resume("autostart"));
    await site.listened();
    const order = await world.order();
    site.send(order.update({ message: { sv: "På svenska.", en: "In English." } }));
    await sees("På svenska.");
    await page.evaluate(() => (document.documentElement.lang = "en"));
    await sees("In English.");
    await login.evaluate((element) => element.fail({ sv: "Nej.", en: "No." }));
    await sees("No.");
    assert.deepEqual(paths(), []);
  });

  test("what was set before the class was there counts", async (t) => {
    const { site, page, login, press, sees } = await visit(t, { head: "", policy: "default-src 'self' 'wasm-unsafe-eval'" });
    await login.evaluate((element) => Object.assign(element, { data: { agreement: 4711 }, restarts: 0 }));
    await page.addScriptTag({ url: `${site.url}bankid-kit/index.js`, type: "module" });
    await press(QR);
    await site.listened();
    assert.equal(site.posted[0].body.agreement, 4711);
    await press("Avbryt");

    // Made for each start, which waits for it, and fails with it.
    await login.evaluate((element) => (element.data = async () => ({ agreement: 4712 })));
    await press(QR);
    await until(() => site.posted.at(-1).body.agreement === 4712);
    await press("Avbryt");
    await login.evaluate((element) => (element.data = () => Promise.reject(new Error("no agreement"))));
    await press(QR);
    await sees(BROKEN);
    assert.deepEqual(site.posted.map(({ path }) => path), ["/start", "/cancel", "/start", "/cancel"]);
  });

  test("axe has nothing against a code alone, in any state, in either language", async (t) => {
    const { site, page } = await visit(t);
    const order = await world.order();
    for (const lang of ["sv", "en"]) {
      await page.evaluate((given) => (document.documentElement.lang = given), lang);
      for (const [state, members] of [
        ["waiting", { startUrl: order.startUrl }],
        ["shown", { startUrl: order.startUrl, text: order.text() }],
        ["over", { hintCode: "userSign" }],
        ["failed", { text: "x".repeat(135) }],
      ]) {
        await page.locator("main").evaluate((main, given) => {
          main.replaceChildren(Object.assign(document.createElement("h1"), { textContent: "BankID" }), Object.assign(document.createElement("bankid-qr"), given));
        }, members);
        await until(async () => (await page.locator("bankid-qr").evaluate((element) => element.state)) === state);
        await blameless(page, `${state} ${lang}`);
      }
    }
    assert.equal(site.opened, 0);
  });

  test("by keyboard alone, from the first key to the last", async (t) => {
    const { site, page, sees, login } = await visit(t);
    const focused = () => login.evaluate(({ shadowRoot }) => shadowRoot.activeElement?.textContent);
    const role = () => login.evaluate(({ shadowRoot }) => shadowRoot.activeElement?.getAttribute("role"));
    await page.keyboard.press("Tab");
    assert.equal(await focused(), QR);
    await page.keyboard.press("Enter");
    await site.listened();
    assert.equal(await role(), "group");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Använd BankID på den här enheten i stället");
    // It goes away under the finger.
    site.send((await world.order()).pending("userSign"));
    await until(async () => (await role()) === "group");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Avbryt");
    await page.keyboard.press("Enter");
    await sees(QR);
    await page.keyboard.press("Tab");
    assert.equal(await focused(), QR);
  });
});
