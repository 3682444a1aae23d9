// What js/README.md shows, run: only the URL and the folder of certificates are changed. README.md's lines are run from the
// packed package, in pack.test.mjs.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../../scripts/build.mjs";
import { run } from "../../../scripts/process.mjs";
import { simulatorFor } from "../../support/simulator.mjs";

/** The first JavaScript block of a file that contains `text`. */
const block = (file, text) => {
  const blocks = [...readFileSync(join(ROOT, file), "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map(([, script]) => script);
  const found = blocks.find((script) => script.includes(text));
  assert.ok(found, `${file} shows ${text}`);
  return found;
};

const simulator = async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bankid-kit-readme-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const { https } = await simulatorFor(t, ["--certs", folder, "--scenario", "outstandingTransaction, userSign, complete"]);
  return { folder, https: https.replace("127.0.0.1", "localhost") };
};

const runModule = async (script) => {
  const { code, output } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT, quiet: true, limitMs: 60_000 });
  assert.equal(code, 0, output);
  return output;
};

test("the example of js/README.md follows an order to its end", async (t) => {
  const { folder, https } = await simulator(t);
  const script = block("js/README.md", "new BankIdClient").replaceAll("https://localhost:8011", https).replaceAll("certs/", `${folder}/`);
  const output = await runModule(script);
  assert.match(output, /^pending Start your BankID app\. bankid\.[\w-]+\.0\.[0-9a-f]{64}$/m);
  assert.match(output, /^complete Done\. $/m);
  assert.match(output, /^Tolvan Tolvansson$/m);
});
