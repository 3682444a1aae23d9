// A stranger's first page: the package as it is published, in an empty project, with what the documentation says to write and
// nothing else. Only the port is changed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { ROOT } from "../../scripts/build.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { newProject, packAll } from "../support/project.mjs";
import { faultsOf } from "./visitor.mjs";

const read = (...path) => readFileSync(join(ROOT, ...path), "utf8");

/** The blocks of a document in this language. */
const blocks = (text, language) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block]) => block);

const [page] = blocks(read("README.md"), "html");
const guide = read("docs", "browser.md");

test("the page is the same in both places, and has ten lines at most", () => {
  assert.equal(blocks(guide, "html")[0], page);
  assert.ok(page.trim().split("\n").length <= 10);
});

test("README's page and the smallest backend log in, in an empty project", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bankid-kit-readme-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const packages = await packAll(folder);
  const cwd = await newProject(folder, "first", ...packages.map(({ file }) => file));

  const [importMap] = /<script type="importmap">.*<\/script>/.exec(guide);
  writeFileSync(join(cwd, "page.html"), `<!doctype html><link rel="icon" href="data:,">${importMap}\n${page}`);
  const [server] = blocks(guide, "js").filter((block) => block.includes("createServer"));
  writeFileSync(join(cwd, "server.js"), server.replace("listen(3000", "listen(0").replace('"http://localhost:3000"', "server.address().port"));
  const child = spawn(process.execPath, ["server.js"], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  t.after(() => {
    child.kill("SIGKILL");
    return ended;
  });
  const [port] = await Promise.race([once(createInterface(child.stdout), "line"), ended.then(() => assert.fail("the backend has ended"))]);

  const browser = await launchChromium();
  t.after(() => browser.close());
  const visitor = await browser.newPage({ locale: "sv-SE" });
  const faults = faultsOf(visitor);
  await visitor.goto(`http://localhost:${port}/`);
  const qr = visitor.getByRole("button", { name: "Mobilt BankID på en annan enhet" });
  await qr.click();
  await visitor.getByRole("img").waitFor();
  await visitor.getByRole("button", { name: "Avbryt" }).click();
  await qr.click();
  await visitor.getByRole("img").waitFor();
  await visitor.getByText("Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.").waitFor();
  assert.deepEqual(faults, []);
  await visitor.getByText("Hello Tolvan Tolvansson!").waitFor();
});
