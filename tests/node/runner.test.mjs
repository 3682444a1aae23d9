// `npm test` itself: CI reads its exit code and its last line.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../scripts/build.mjs";
import { run } from "../../scripts/process.mjs";

const runner = (...stages) => run(process.execPath, [join(ROOT, "scripts", "test.mjs"), ...stages], { quiet: true });

test("a stage that does not exist is refused with those that do", async () => {
  const { code, output } = await runner("rust", "ruts");
  assert.equal(code, 2);
  assert.match(output, /no such stage: ruts; there are: fmt, .*\brust\b/);
});

test("the total stands alone on the last line", async () => {
  const { output } = await runner("fmt");
  assert.match(output, /\n\d+ passed, \d+ failed, \d+ skipped\n$/);
  assert.match(output, /^ok +fmt +\d+\.\d /m);
});

test("a program that cannot be started, fails, hangs or is killed is told apart", async () => {
  const node = (script, limitMs) => run(process.execPath, ["--eval", script], { quiet: true, limitMs });
  assert.equal((await run("no-such-program-anywhere", [], { quiet: true })).code, 127);
  assert.equal((await node("process.exit(7)")).code, 7);
  assert.equal((await node("process.kill(process.pid, 'SIGTERM')")).code, 143);
  const hung = await node("setInterval(() => {}, 1000)", 500);
  assert.deepEqual([hung.code, hung.timedOut], [137, true]);
});
