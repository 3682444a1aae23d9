// `bankid-kit/browser` where there is no document: what renders pages on servers imports it too.

import assert from "node:assert/strict";
import { test } from "node:test";

for (const entry of ["bankid-kit/browser", "bankid-kit/browser/hmac"]) test(`on a server ${entry} can be imported, does nothing, and has its functions`, async () => {
  const before = Object.getOwnPropertyNames(globalThis);
  const { BankIdLogin, BankIdQr, messageFor, startUrl } = await import(entry);
  assert.deepEqual(Object.getOwnPropertyNames(globalThis), before);
  assert.equal(typeof BankIdQr, "function");
  assert.equal(typeof BankIdLogin, "function");
  assert.equal(BankIdQr.drawer.loaded(), false, "nothing is compiled");
  assert.equal(startUrl({ autoStartToken: "x" }), "bankid:///?autostarttoken=x&redirect=null");
  assert.equal(messageFor({ status: "pending", hintCode: "userSign" }).id, "RFA9");
});
