// What docs/testing.md tells a test author to write, run as it stands there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../../scripts/build.mjs";
import { run } from "../../../scripts/process.mjs";
import { simulatorFor } from "../../support/simulator.mjs";

const guide = readFileSync(join(ROOT, "docs", "testing.md"), "utf8");
const blocks = (language) => [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text]) => text);

// Each block ends in a line that prints, with what it prints behind it.
for (const [index, script] of blocks("js").entries()) {
  test(`example ${index + 1} runs, ends, and prints what it says`, async () => {
    const [, printed] = /console\.log\(.*\); +\/\/ (.*)\n/.exec(script);
    const { code, output } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT, quiet: true, limitMs: 30_000 });
    assert.deepEqual([code, output], [0, `${printed}\n`]);
  });
}

test("the program starts as it says", async (t) => {
  const [command] = blocks("sh");
  const [npx, name, ...args] = command.trim().split(" ");
  assert.deepEqual([npx, name], ["npx", "bankid-kit"]);
  const { http } = await simulatorFor(t, [], [process.execPath, join(ROOT, "js", "bin.js"), ...args]);
  assert.match(http, /^http:/);
});
