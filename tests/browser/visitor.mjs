// A person at the page of an example: sees what is shown, presses what can be pressed, and remembers all that was sent.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";

import { photographed } from "../support/camera.mjs";

const LIMIT_MS = 15_000;

/** Asks again and again, for what a page with a stopped clock cannot be made to wait for. */
export const until = async (check) => {
  const limit = performance.now() + LIMIT_MS;
  while (!(await check())) {
    assert.ok(performance.now() < limit, `in vain: ${check}`);
    await setImmediate();
  }
};

/** What goes wrong in the page from now on, and what it prints as wrong. */
export const faultsOf = (page) => {
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  return faults;
};

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Fails if axe would blame what is to be seen now, in light or dark. */
export const blameless = async (page, what) => {
  await page.evaluate(AXE);
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate("axe.run()");
    const blamed = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    assert.deepEqual(blamed, [], `${what}, ${colorScheme}`);
  }
};

export const IPHONE = {
  userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
    "Version/18.6 Mobile/15E148 Safari/604.1",
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** Opens the page as somebody who has not been there before. */
export const visit = async (browser, url, { device, locale = "sv-SE" } = {}) => {
  const context = await browser.newContext({ locale, ...(device === "iphone" && IPHONE) });
  context.setDefaultTimeout(LIMIT_MS);
  const links = [];
  const received = [];
  await context.exposeBinding("linkFollowed", (source, link) => links.push(link));
  // A link that leaves for the app is followed by whoever has the phone, not by this browser.
  await context.addInitScript(() => {
    navigation.addEventListener("navigate", (event) => {
      if (new URL(event.destination.url).host === location.host) return;
      event.preventDefault();
      linkFollowed(event.destination.url);
    });
  });
  return open(context, url, links, received);
};

const open = async (context, url, links, received) => {
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  wire.on("Network.eventSourceMessageReceived", ({ data }) => received.push(data));
  const bodies = [];
  page.on("response", (response) => {
    received.push(JSON.stringify(response.headers()));
    const isStream = response.headers()["content-type"]?.startsWith("text/event-stream");
    if (!isStream) bodies.push(response.text().then((text) => received.push(text), () => {}));
  });
  page.on("pageerror", (error) => received.push(`error in the page: ${error.message}`));
  await page.goto(url);
  const button = (name) => page.getByRole("button", { name, exact: true });

  return {
    page,
    press: (name) => button(name).click(),
    /** Resolves when the text is to be seen. */
    sees: (text) => page.getByText(text, { exact: true }).filter({ visible: true }).first().waitFor(),

    /** The text of the code that is shown, as a camera reads it, once there is one that differs from `old`. */
    qr: async (old) => {
      let text;
      await until(async () => {
        text = photographed(await page.getByRole("img").screenshot()) ?? old;
        return text !== old;
      });
      return text;
    },
    /** Follows the link to the app; resolves to it. */
    openApp: async (name) => {
      await page.getByRole("link", { name, exact: true }).click();
      return links.at(-1);
    },

    cookies: () => context.cookies(),
    /** All that this browser was sent, headers included. */
    received: async () => {
      await Promise.all(bodies);
      return received.join("\n");
    },
    /** Another window of the same browser. */
    window: (address) => open(context, address, links, received),
    leave: () => context.close(),
  };
};
