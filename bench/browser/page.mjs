// The half that runs in Chromium: drawing, and showing the first code.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { photographed } from "../../tests/support/camera.mjs";
import { launchChromium } from "../../tests/support/chromium.mjs";
import { page as html, startSite } from "../../tests/support/page-server.mjs";
import { CONTESTANTS } from "./contestants.mjs";

const LOADS = 9;

/** Resolves to `times` as `measure` gives them, `read`: the text that is read from what each has drawn, and `firstCodeMs`. */
export const inChromium = async ({ bundles, texts, rounds, app }) => {
  const names = Object.keys(bundles);
  const files = { "/": html(""), "/measure.js": readFileSync(join(import.meta.dirname, "measure.js")), "/app.js": app };
  names.forEach((name, at) => (files[`/${at}.js`] = bundles[name]));
  files["/first.html"] = html(`<bankid-qr text="${texts[0]}"></bankid-qr><script type="module" src="/app.js"></script>`);

  const site = await startSite(files, { policy: null });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    const { times, drawn } = await page.evaluate(compete, { names, texts, rounds });
    const read = {};
    for (const name of names) read[name] = await shown(page, CONTESTANTS[name].svg(drawn[name]));
    const firstCodeMs = [];
    for (let n = 0; n < LOADS; n += 1) firstCodeMs.push(await firstCode(browser, site));
    return { times, read, firstCodeMs, version: browser.version() };
  } finally {
    await browser.close();
    await site.stop();
  }
};

/** In the page. */
const compete = async ({ names, texts, rounds }) => {
  const { measure } = await import("/measure.js");
  const draws = {};
  for (const [at, name] of names.entries()) {
    const module = await import(`/${at}.js`);
    await module.load?.();
    draws[name] = module.draw;
  }
  const drawn = Object.fromEntries(names.map((name) => [name, draws[name](texts[0])]));
  return { times: measure(draws, texts, rounds), drawn };
};

const shown = async (page, svg) => {
  await page.setContent(`<body style="margin: 0; background: #fff"><div id="code" style="width: 392px">${svg}</div>`);
  await page.addStyleTag({ content: "svg { display: block; width: 392px; height: 392px }" });
  return photographed(await page.locator("#code").screenshot());
};

/** Milliseconds from the arrival of the module to the first paint, which is of the code: there is nothing else to be seen. */
const firstCode = async (browser, site) => {
  const page = await browser.newPage();
  await page.goto(`${site.url}first.html`);
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  const ms = await page.evaluate(() => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const module = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/app.js"));
    return paint.startTime - module.responseEnd;
  });
  await page.close();
  return ms;
};
