// The simulator as it is shipped: its size, and `npm start`, which runs it.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { before, test } from "node:test";

import { ROOT, SIMULATOR, buildSimulator } from "../../scripts/build.mjs";
import { run } from "../../scripts/process.mjs";
import { simulatorFor } from "../support/simulator.mjs";

const MAX_BYTES = 6_000_000;

const START = ["npm", "start", "--silent", "--prefix", ROOT, "--"];

// `npm start` builds first; what it is given time for below is starting.
before(async () => assert.equal((await run(...buildSimulator, { cwd: ROOT })).code, 0));

test("the release binary is small", () => {
  const { size } = statSync(SIMULATOR);
  assert.ok(size <= MAX_BYTES, `${size} bytes, allowed are ${MAX_BYTES}`);
});

test("npm start passes arguments and signals on, and its exit code back", async (t) => {
  const { http } = await simulatorFor(t, ["--no-tls"], START);
  const answer = await fetch(`${http}/rp/v6.0/auth`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endUserIp: "203.0.113.25" }),
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(await answer.json()), ["orderRef", "autoStartToken", "qrStartToken", "qrStartSecret"]);
});

test("npm start ends as the simulator ends", async () => {
  const [program, ...args] = START;
  const { code, output } = await run(program, [...args, "--scenario", "userCancle"], { quiet: true });
  assert.equal(code, 2, output);
  assert.match(output, /userCancel/);
});
