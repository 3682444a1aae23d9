// A page of the test's own that has <bankid-qr>, with its clock stopped.

import { after, before, beforeEach } from "node:test";

import { Simulator } from "bankid-kit/simulator";

import { launchChromium } from "../support/chromium.mjs";
import { page as html, startSite } from "../support/page-server.mjs";
import { startOrder } from "./order.mjs";
import { faultsOf, until } from "./visitor.mjs";

/** For the tests of a suite: a browser, and a simulator whose clock stands still. Resolves through what it returns. */
export const turnedWorld = (name) => {
  let simulator, browser, lane;

  before(async () => {
    simulator = await Simulator.start({ scenario: "phone", frozenAt: Date.UTC(2029, 5, 1), tlsPort: false });
    browser = await launchChromium();
    lane = simulator.lane(name);
  });
  after(async () => {
    await browser?.close();
    await simulator?.stop();
  });
  beforeEach(() => lane.reset());

  return {
    order: () => startOrder(simulator, lane),
    context: (t, how) => contextOf(t, browser, how),
  };
};

const contextOf = async (t, browser, how) => {
  const context = await browser.newContext({ viewport: { width: 500, height: 800 }, ...how });
  context.setDefaultTimeout(15_000);
  t.after(() => context.close());
  return context;
};

/** A page of which no code grows old while a slow machine takes its picture; timers go on. For tests that are not about time. */
export const stillPage = async (context) => {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const [steady, wall] = [performance.now(), Date.now()];
    performance.now = () => steady;
    Date.now = () => wall;
  });
  return page;
};

/** By the page's clock, and late enough that it has been loaded until then. */
const PAUSED_AT = 60 * 60_000;

/** Opens a page with this body, and this script of the package; ends with the test. */
export const visitQr = async (t, world, { body = "<bankid-qr></bankid-qr>", script = "index.js", head = "", files, policy, ...how } = {}) => {
  const entry = script && `<script type="module" src="/bankid-kit/${script}"></script>`;
  const site = await startSite({ "/": html(body, { head: head + entry }), ...files }, policy && { policy });
  t.after(() => site.stop());
  const page = await (await world.context(t, how)).newPage();
  const faults = faultsOf(page);
  await page.clock.install({ time: 0 });
  await page.goto(site.url);
  await page.clock.pauseAt(PAUSED_AT);
  const qr = page.locator("bankid-qr");
  const turnPage = (seconds) => page.clock.runFor(seconds * 1000);
  const code = page.getByRole("img", { name: "QR-kod att läsa av med BankID-appen" });
  return {
    site, page, qr, code, faults,
    set: (members) => qr.evaluate((element, given) => void Object.assign(element, given), members),
    becomes: (state) => until(async () => (await qr.evaluate((element) => element.state)) === state),
    drawn: () => qr.evaluate((element) => element.shadowRoot.querySelector("path").getAttribute("d")),
    picture: () => code.screenshot({ animations: "allow" }),
    turnPage,
    turn: async (order, seconds = 1) => {
      await order.turn(seconds);
      await turnPage(seconds);
    },
  };
};

/** Has screens show the order's code of each second, which `show` brings about, and takes a picture of each. */
export const photographEach = async (screensOf, order, seconds, show) => {
  for (let second = 0; second < seconds; second += 1) {
    await Promise.all(screensOf(second).map(async (screen) => {
      await show(screen, order, second);
      await order.accepts(await screen.picture());
      await screen.turnPage(1);
    }));
    await order.turn();
  }
};
