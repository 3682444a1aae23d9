// <bankid-qr> in Chromium: what it shows, photographed, is what the simulator's phone takes at that very second.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { qrPath } from "bankid-kit";

import { WITHOUT_WASM } from "../support/page-server.mjs";
import { photographEach, turnedWorld, visitQr } from "./world.mjs";
import { until } from "./visitor.mjs";

const STREAM = '<bankid-qr src="/events"></bankid-qr>';

/** What lets the test bring scripts in. */
const SELF = "default-src 'self' 'wasm-unsafe-eval'";

/** In CSS pixels, from what is hard to scan to what fills a phone, and in which colours of the page. */
const SIGHTS = [
  [150, { colorScheme: "light", forcedColors: "none" }],
  [200, { colorScheme: "dark", forcedColors: "none" }],
  [256, { colorScheme: "light", forcedColors: "none" }],
  [256, { colorScheme: "dark", forcedColors: "active" }],
  [333, { colorScheme: "dark", forcedColors: "none" }],
];

/** Device pixels for each of them. */
const DENSITIES = [1, 1.5, 2, 3];

describe("<bankid-qr>", () => {
  const world = turnedWorld("qr");

  // Nobody can scan an order's code after 30 seconds (7.6), so that 60 of them are two orders'.
  test("a code a second from a stream, for 60 seconds of turned clock, in all sizes, densities and colours", async (t) => {
    const screens = [];
    for (const deviceScaleFactor of DENSITIES) screens.push(await visitQr(t, world, { body: STREAM, deviceScaleFactor }));
    const shows = async ({ site, page, qr, drawn }, order, second) => {
      const [size, look] = SIGHTS[second % SIGHTS.length];
      await page.emulateMedia(look);
      await qr.evaluate((element, width) => (element.style.inlineSize = `${width}px`), size);
      const before = await drawn();
      site.send(order.update());
      await until(async () => (await drawn()) !== before);
    };
    for (const { site } of screens) await site.listened();
    // Two of the four each second, so that each of them shows every sight.
    const half = (second) => screens.filter((screen, index) => index % 2 === second % 2);
    for (const _ of [1, 2]) await photographEach(half, await world.order(), 30, shows);
    for (const { site, becomes, faults } of screens) {
      site.send({ status: "failed", hintCode: "startFailed", message: "" });
      await becomes("over");
      assert.deepEqual(faults, []);
    }
  });

  // Where the whole order may be in the page; its codes are made there from the server's times, whatever the clock says.
  test("a code a second from an order's tokens, for 60 seconds of turned clock", async (t) => {
    const { set, becomes, drawn, picture, turnPage, faults } = await visitQr(t, world, { script: "hmac.js" });
    let before = null;
    const shows = () => until(async () => (await drawn()) !== before);
    const screen = { picture, turnPage: async (seconds) => [(before = await drawn()), await turnPage(seconds)] };
    for (const lateBy of [0, 0, 7]) {
      const order = await world.order();
      if (lateBy > 0) await order.turn(lateBy);
      await set({ tokens: order.tokens() });
      await photographEach(() => [screen], order, 30 - lateBy, shows);
      await becomes("over");
      assert.equal(await drawn(), null);
      before = null;
    }
    assert.deepEqual(faults, []);
  });

  test("an order's tokens end with its hint, by a machine that has slept, and need the entry that can use them", async (t) => {
    const { page, set, becomes, drawn, turn } = await visitQr(t, world, { script: "hmac.js" });
    const order = await world.order();
    await set({ tokens: order.tokens() });
    await becomes("shown");
    await set({ hintCode: "userSign" });
    await becomes("over");
    await set({ tokens: order.tokens() });
    await becomes("shown");
    await set({ update: order.pending("outstandingTransaction") });
    await becomes("shown");
    await page.clock.setSystemTime(2 * 60 * 60_000);
    await turn(order);
    await becomes("over");
    assert.equal(await drawn(), null);

    const other = await visitQr(t, world);
    await other.set({ tokens: order.tokens() });
    await other.becomes("failed");
    assert.match(other.faults.join(), /tokens: are for bankid-kit\/browser\/hmac/);
  });

  test("a stream that stalls leaves no stale code, and what was under way for too long is not shown", async (t) => {
    const { site, qr, drawn, becomes, picture, turn, faults } = await visitQr(t, world, { body: STREAM });
    await site.listened();
    const order = await world.order();
    site.send(order.update());
    await becomes("shown");
    const late = order.update();
    await turn(order, 3);
    assert.notEqual(await drawn(), null);
    await turn(order, 1);
    await becomes("waiting");
    site.send({ ...late, at: late.at + 1 });
    site.send({ ...order.pending(), message: "heard" });
    await until(() => qr.evaluate(({ update }) => update.message === "heard"));
    assert.equal(await drawn(), null);
    site.send(order.update());
    await becomes("shown");
    await order.accepts(await picture());
    assert.deepEqual(faults, []);
  });

  test("in a hidden tab nothing is drawn, and once it is shown again the stream is asked anew", async (t) => {
    const { site, page, becomes, drawn, picture, turn, faults } = await visitQr(t, world, { body: STREAM });
    // A browser that is driven keeps all its tabs in sight.
    const tab = (state) => page.evaluate((given) => {
      Object.defineProperty(document, "visibilityState", { value: given, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
    await site.listened();
    const order = await world.order();
    site.send(order.update());
    await becomes("shown");
    await tab("hidden");
    await becomes("paused");
    assert.equal(await drawn(), null);
    site.send(order.update());
    await turn(order, 10);
    await tab("visible");
    await becomes("waiting");
    assert.equal(await drawn(), null, "what came meanwhile is too old");
    await until(() => site.opened === 2);
    site.send(order.update());
    await becomes("shown");
    await order.accepts(await picture());
    assert.deepEqual(faults, []);
  });

  test("timers that come late, as in a throttled tab, leave no stale code", async (t) => {
    const { page, set, becomes, drawn, picture } = await visitQr(t, world);
    const order = await world.order();
    await set({ text: order.text() });
    await becomes("shown");
    await page.clock.fastForward(60_000);
    await becomes("waiting");
    assert.equal(await drawn(), null);
    await order.turn(20);
    await set({ text: order.text() });
    await becomes("shown");
    await order.accepts(await picture());
  });

  test("a machine that has slept shows no code from before", async (t) => {
    const { page, set, becomes, drawn, turn } = await visitQr(t, world);
    const order = await world.order();
    await set({ text: order.text() });
    await becomes("shown");
    // The clock that never jumps has stood still meanwhile.
    await page.clock.setSystemTime(2 * 60 * 60_000);
    await turn(order);
    await becomes("waiting");
    assert.equal(await drawn(), null);
    await set({ text: order.text() });
    await becomes("shown");
  });

  test("a user's clock that is wrong, and is put right, does no harm to what comes", async (t) => {
    const { site, page, becomes, picture, turn } = await visitQr(t, world, { body: STREAM });
    await site.listened();
    const order = await world.order();
    for (const wrong of [0, Date.UTC(2031, 0, 1), Date.UTC(2001, 0, 1)]) {
      await page.clock.setSystemTime(wrong);
      site.send(order.update());
      await becomes("shown");
      await order.accepts(await picture());
      await turn(order);
    }
  });

  test("a line that is lost is found again, and the code with it", async (t) => {
    const { site, becomes, picture, turn } = await visitQr(t, world, { body: STREAM });
    await site.listened();
    const order = await world.order();
    site.send(order.update());
    await becomes("shown");
    site.hangUp();
    await until(() => site.opened === 2);
    await turn(order, 5);
    await becomes("waiting");
    site.send(order.update());
    await becomes("shown");
    await order.accepts(await picture());
  });

  test("a backend that has nothing more to say is not asked again", async (t) => {
    const { site, qr, becomes, turn } = await visitQr(t, world, { body: STREAM });
    await qr.evaluate((element) => element.addEventListener("lost", () => (element.isLost = true)));
    await site.listened();
    const order = await world.order();
    site.send(order.update());
    await becomes("shown");
    site.streams = false;
    site.hangUp();
    await until(async () => {
      await turn(order);
      return qr.evaluate(({ isLost }) => isLost);
    });
    await becomes("waiting");
    assert.equal(site.opened, 1);
  });

  test("it stops as soon as the hint says so, and with the order", async (t) => {
    const { site, qr, set, becomes, drawn, code } = await visitQr(t, world, { body: STREAM });
    await site.listened();
    const order = await world.order();
    for (const hintCode of ["started", "userSign", "somethingNew"]) {
      site.send(order.update());
      await becomes("shown");
      site.send({ ...order.pending(hintCode), qr: order.text() });
      await becomes("over");
      assert.equal(await drawn(), null);
      assert.equal(await code.isVisible(), false);
      assert.equal(await qr.getByRole("link").isVisible(), false);
    }
    // Without a stream the page says it.
    await set({ src: undefined, update: undefined, text: order.text() });
    await becomes("shown");
    await qr.evaluate((element) => element.setAttribute("hint-code", "userSign"));
    await becomes("over");
    await set({ text: order.text() });
    await becomes("over");
    await set({ hintCode: "noClient" });
    await becomes("shown");
  });

  test("without WebAssembly the backend draws, and a text says what is missing", async (t) => {
    const visitor = await visitQr(t, world, { body: STREAM, policy: WITHOUT_WASM });
    const { site, set, becomes, picture, turn, faults } = visitor;
    await site.listened();
    const order = await world.order();
    for (let second = 0; second < 5; second += 1) {
      site.send({ ...order.update(), qr: undefined, path: qrPath(order.text()) });
      await becomes("shown");
      await order.accepts(await picture());
      await turn(order);
    }
    await set({ src: undefined, update: undefined, path: qrPath(order.text()) });
    await becomes("shown");
    await order.accepts(await picture());
    assert.deepEqual(faults, []);
    await set({ text: order.text() });
    await becomes("failed");
    assert.match(faults.join(), /'wasm-unsafe-eval'/);
  });

  test("the wasm may be a file", async (t) => {
    const script = 'import { load } from "/bankid-kit/draw.js"; await load("/bankid-kit/wasm/draw.wasm"); document.title = "loaded";';
    const { site, page, set, becomes, picture, faults } = await visitQr(t, world, { files: { "/file.js": script }, head: '<script type="module" src="/file.js"></script>' });
    await until(async () => (await page.title()) === "loaded");
    assert.ok(site.asked.includes("/bankid-kit/wasm/draw.wasm"));
    const order = await world.order();
    await set({ text: order.text() });
    await becomes("shown");
    await order.accepts(await picture());
    assert.deepEqual(faults, []);
  });

  test("the button opens the app on this device, and no other address", async (t) => {
    const { page, qr, set, becomes } = await visitQr(t, world, { body: '<bankid-qr lang="en"></bankid-qr>' });
    const order = await world.order();
    const open = page.getByRole("link", { name: "Open the BankID app" });
    for (const startUrl of ["javascript:alert(1)", "https://evil.example/", "//app.bankid.com/?", ""]) {
      await set({ startUrl });
      assert.equal(await open.isVisible(), false);
    }
    await set({ startUrl: order.startUrl, text: order.text() });
    await becomes("shown");
    assert.equal(await open.getAttribute("href"), order.startUrl);
    assert.equal(await open.getAttribute("referrerpolicy"), "origin");
    await qr.evaluate((element) => (element.lang = "sv"));
    await page.getByRole("link", { name: "Öppna BankID-appen" }).waitFor();
  });

  test("screen readers hear that there is a code and that it is gone, and not each second of it", async (t) => {
    const { page, qr, set, becomes, turn } = await visitQr(t, world);
    const order = await world.order();
    await qr.evaluate((element) => {
      window.said = [];
      const status = element.shadowRoot.querySelector('[role="status"]');
      new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
    });
    for (let second = 0; second < 5; second += 1) {
      await set({ text: order.text() });
      await becomes("shown");
      await turn(order);
    }
    await set({ hintCode: "userSign" });
    await becomes("over");
    assert.deepEqual(await page.evaluate("said"), ["En QR-kod visas. Läs av den med BankID-appen.", "QR-koden visas inte längre."]);
  });

  test("out of the page it is silent, and back in it goes on", async (t) => {
    const { site, page, qr, becomes } = await visitQr(t, world, { body: STREAM });
    await site.listened();
    await qr.evaluate((element) => {
      window.kept = element;
      element.remove();
    });
    await until(() => site.listeners() === 0);
    await page.evaluate(() => document.querySelector("main").append(kept));
    await site.listened();
    const order = await world.order();
    site.send(order.update());
    await becomes("shown");
  });

  test("what was set before the class was there counts", async (t) => {
    const { page, site, qr, becomes, picture } = await visitQr(t, world, { script: "", policy: SELF });
    const order = await world.order();
    await qr.evaluate((element, text) => (element.text = text), order.text());
    await page.addScriptTag({ url: `${site.url}bankid-kit/index.js`, type: "module" });
    await becomes("shown");
    await order.accepts(await picture());
  });
});
