// The demo and its story, as `npm start -- --headless` tells it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startDemo } from "../../scripts/demo.mjs";
import { tell } from "../../scripts/story.mjs";

test("the demo tells its story to the end", async (t) => {
  const demo = await startDemo({ shop: 0, gateway: 0, simulator: 0, tls: 0 });
  t.after(demo.stop);
  const ready = await (await fetch(new URL("/health/ready", demo.gateway))).json();
  assert.equal(ready.status, "ready");
  const said = [];
  await tell(demo.shop, (line) => said.push(line));
  const story = said.join("\n");
  for (const line of [
    "  outstandingTransaction: Start your BankID app. (a code each second)",
    "  cancelled",
    "  certificateErr: Your BankID is blocked or too old. Please use another BankID or get a new one from your bank.",
    "  userSign: Enter your security code in the BankID app and select Identify or Sign.",
    "  complete: Done.",
    "The shop has a signed order.",
  ]) {
    assert.ok(said.includes(line), `${line}\n\n${story}`);
  }
  assert.equal(said.filter((line) => line === "  complete: Done.").length, 2, story);
});

test("what cannot start leaves nothing behind", async (t) => {
  const demo = await startDemo({ shop: 0, gateway: 0, simulator: 0, tls: 0 });
  t.after(demo.stop);
  const taken = Number(new URL(demo.gateway).port);
  await assert.rejects(startDemo({ shop: 0, gateway: taken, simulator: 0, tls: 0 }), /bankid-gateway(\.exe)? ended with 1/);
});
