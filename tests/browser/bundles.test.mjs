// What bundlers make of `bankid-kit/browser`, in Chromium under a strict policy; and how little of it they take along.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { promisify } from "node:util";

import * as esbuild from "esbuild";
import * as vite from "vite";
import webpack from "webpack";

import { ROOT } from "../../scripts/build.mjs";
import { page as html, startSite } from "../support/page-server.mjs";
import { photographEach, stillPage, turnedWorld } from "./world.mjs";
import { faultsOf, until } from "./visitor.mjs";

const PLAIN = join(ROOT, "tests", "browser", "apps", "plain.js");
const REACT = join(ROOT, "tests", "browser", "apps", "react.jsx");

const byEsbuild = (options) => async (entry) => {
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry], bundle: true, minify: true, format: "esm", write: false, jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' }, ...options,
  });
  return outputFiles[0].text;
};

const byVite = async (entry) => {
  const { output } = await vite.build({
    root: ROOT, configFile: false, logLevel: "error", publicDir: false, build: { write: false, rollupOptions: { input: entry } },
  });
  assert.equal(output.length, 1, "one file");
  return output[0].code;
};

const byWebpack = async (entry, folder) => {
  const stats = await promisify(webpack)({ mode: "production", context: ROOT, entry, output: { path: folder, filename: "webpack.js" } });
  assert.ok(!stats.hasErrors(), stats.toString());
  return readFileSync(join(folder, "webpack.js"), "utf8");
};

const BUNDLES = [
  ["esbuild", byEsbuild(), PLAIN],
  ["Vite", byVite, PLAIN],
  ["webpack", byWebpack, PLAIN],
  ["esbuild, with React 19", byEsbuild(), REACT],
  ["esbuild, with React 18", byEsbuild({ alias: { react: "react-18", "react-dom": "react-dom-18" } }), REACT],
];

describe("bundles", () => {
  const world = turnedWorld("bundles");
  const folder = mkdtempSync(join(tmpdir(), "bankid-kit-bundles-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const [name, bundle, entry] of BUNDLES) {
    // Of one order after the other: nobody can scan one for longer than 30 seconds (7.6).
    const seconds = entry === PLAIN ? [3] : [30, 30, 3];
    test(`by ${name}: from the button to the end, with the codes of ${seconds.join(" and ")} seconds on the way`, async (t) => {
      const body = entry === PLAIN ? '<bankid-login start-action="/start" src="/events" cancel-action="/cancel"></bankid-login>' : "";
      const site = await startSite({ "/": html(`${body}</main><script type="module" src="/app.js"></script>`), "/app.js": await bundle(entry, folder) });
      t.after(() => site.stop());
      const page = await stillPage(await world.context(t));
      const faults = faultsOf(page);
      await page.goto(site.url);
      await page.getByRole("button", { name: "Mobilt BankID på en annan enhet" }).click();
      await site.listened();
      const code = page.getByRole("img");
      const path = page.locator("bankid-qr path");
      const screen = { picture: () => code.screenshot(), turnPage: () => {} };
      const shows = async (_, order) => {
        const before = await path.getAttribute("d");
        site.send(order.update());
        await until(async () => (await path.getAttribute("d")) !== before);
      };
      let order;
      for (const many of seconds) {
        order = await world.order();
        await photographEach(() => [screen], order, many, shows);
      }
      await shows(screen, order);
      await order.complete(await code.screenshot());
      site.send({ status: "complete", message: "Klart." });
      await page.getByText("Välkommen.").waitFor();
      assert.deepEqual(faults, []);
    });
  }

  /** What comes of importing something, minified. */
  const made = async (contents) => {
    const { outputFiles } = await esbuild.build({
      stdin: { contents, resolveDir: ROOT }, bundle: true, minify: true, format: "esm", charset: "utf8", write: false, logLevel: "error",
    });
    return outputFiles[0].text;
  };

  test("a page takes along what it uses, and no more", async () => {
    const links = await made('export { startUrl } from "bankid-kit/browser/launch";');
    const messages = await made('export { messageFor } from "bankid-kit/browser/messages";');
    const elements = await made('import "bankid-kit/browser";');
    const TEXT = "Kontrollen av din ID-handling misslyckades.";
    assert.deepEqual([links, messages, elements].map((code) => code.includes(TEXT)), [false, true, false]);
    assert.deepEqual([links, messages, elements].map((code) => code.includes("customElements")), [false, false, true]);
    const hmac = await made('import "bankid-kit/browser/hmac";');
    assert.deepEqual([elements, hmac].map((code) => code.includes("qrStartToken: must have")), [false, true]);
    assert.ok(links.length < 2_500 && messages.length < 6_500, `${links.length} and ${messages.length} characters`);
    assert.equal(await made('import "bankid-kit/browser/launch";'), "");
  });
});
