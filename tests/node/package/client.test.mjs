// The client over real connections to the released simulator: orders, what it refuses, and what is said of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { BankIdClient, BankIdError, inspectIdentity, qr, qrKey, toBrowser } from "bankid-kit";
import { ROOT } from "../../../scripts/build.mjs";
import { simulatorFor } from "../../support/simulator.mjs";

const IP = { endUserIp: "203.0.113.25" };
const QUICK = "outstandingTransaction x2, userSign, complete";

/** Options for the simulator over mutual TLS. */
const optionsFor = ({ https, ca, rp }) => ({
  environment: { baseUrl: https, ca: readFileSync(ca) },
  identity: { pfx: readFileSync(rp.pfx), passphrase: rp.passphrase },
  pollIntervalMs: 20,
});

const clientFor = async (t, ...args) => {
  const client = new BankIdClient(optionsFor(await simulatorFor(t, args)));
  t.after(() => client.close());
  return client;
};

const rejects = (call, facts) =>
  assert.rejects(call, (error) => {
    assert.ok(error instanceof BankIdError, error.stack);
    for (const [name, value] of Object.entries(facts)) assert.deepEqual(error[name], value, `${name} of: ${error.message}`);
    assert.match(error.stack.split("\n").slice(1).join("\n"), /client\.test\.mjs/, "the caller's stack");
    return true;
  });

const all = async (updates) => {
  const seen = [];
  for await (const update of updates) seen.push(update);
  return seen;
};

test("an order is started, collected and followed to its end", async (t) => {
  const client = await clientFor(t, "--scenario", QUICK);
  const order = await client.auth(IP);
  assert.deepEqual(Object.keys(order), ["operation", "orderRef", "autoStartToken", "qrStartToken", "qrStartSecret", "receivedAt"]);
  assert.equal(order.operation, "auth");
  assert.ok(Math.abs(order.receivedAt - Date.now()) < 60_000);
  assert.deepEqual(await client.collect(order), { orderRef: order.orderRef, status: "pending", hintCode: "outstandingTransaction" });

  const updates = await all(client.follow(order, { language: "en" }));
  assert.deepEqual(updates.map(({ hintCode, status }) => hintCode ?? status).filter((word, at, words) => word !== words[at - 1]), ["outstandingTransaction", "userSign", "complete"]);
  const [first, last] = [updates[0], updates.at(-1)];
  assert.equal(first.message, "Start your BankID app.");
  const second = Number(first.qr.split(".")[2]);
  assert.equal(first.qr, qrKey(order).frame(second));
  assert.equal(first.startUrl, `bankid:///?autostarttoken=${order.autoStartToken}&redirect=null`);
  assert.equal(last.completionData.user.personalNumber, "191212121212");
  assert.deepEqual(Object.keys(toBrowser(last)), ["status", "message", "at"]);
  assert.deepEqual(Object.keys(toBrowser(first)), ["status", "hintCode", "qr", "message", "startUrl", "at"]);
});

test("every operation starts an order, and texts arrive as they were written", async (t) => {
  const client = await clientFor(t, "--scenario", QUICK);
  const personalNumber = "191212121212";
  const userVisibleTransaction = { transactionType: "card", recipient: { name: "Shop" }, money: { amount: "100,00", currency: "SEK" } };
  const orders = [
    await client.auth({ ...IP, userVisibleData: "Hej å", userNonVisibleData: new Uint8Array([1, 2]), web: { userAgent: "x".repeat(400) } }),
    await client.sign({ ...IP, userVisibleData: "# Köp", userVisibleDataFormat: "simpleMarkdownV1" }),
    await client.sign({ ...IP, userVisibleData: "SGVq", userVisibleDataEncoding: "base64" }),
    await client.payment({ ...IP, userVisibleTransaction }),
  ];
  for (const order of orders) assert.match(qr(order), /^bankid\./);
  const byNumber = [
    await client.otherPayment({ personalNumber, userVisibleTransaction }),
    await client.phoneAuth({ personalNumber: "199908072391", callInitiator: "user" }),
    await client.phoneSign({ personalNumber: "200211242383", callInitiator: "RP", userVisibleData: "Hej" }),
  ];
  for (const order of byNumber) assert.deepEqual(Object.keys(order), ["operation", "orderRef", "receivedAt"]);
  const [update] = await all(client.follow(byNumber[1]));
  assert.deepEqual([update.qr, update.startUrl, update.message], [undefined, undefined, "Starta BankID-appen."]);
});

test("requests are refused as the vectors say, before anything is sent", async () => {
  const client = new BankIdClient({ environment: { baseUrl: "http://127.0.0.1:1" } });
  let refused = 0;
  for (const file of ["values", "order", "requirement", "transaction", "members"]) {
    const { vectors } = JSON.parse(readFileSync(join(ROOT, "tests", "vectors", "wire", `requests-${file}.json`), "utf8"));
    for (const { id, version, operation, body, result, details, member } of vectors) {
      if (version !== "v6.0" || result !== "invalid" || typeof body !== "object") continue;
      const request = { ...body, userVisibleDataEncoding: "base64", userNonVisibleDataEncoding: "base64" };
      const name = operation.replace(/[/-](\w)/g, (_, letter) => letter.toUpperCase());
      await assert.rejects(client[name](request), (error) => {
        assert.ok(error instanceof BankIdError, id);
        // What has the wrong type, and what BankID passes over, is told from what it refuses.
        if (error.code === "invalidArgument") return true;
        refused += 1;
        assert.deepEqual([error.code, error.details, error.member ?? null, error.status], ["invalidParameters", details, member ?? null, undefined], id);
        return true;
      }, id);
    }
  }
  assert.ok(refused > 100, `${refused} refused as BankID would`);
});

test("bad arguments reject with the member's name", async () => {
  const client = new BankIdClient({ environment: { baseUrl: "http://127.0.0.1:1" } });
  const code = "invalidArgument";
  await rejects(client.auth(), { code, member: "request", message: "auth: request must be an object" });
  await rejects(client.auth({ endUserIp: 7 }), { code, member: "endUserIp", message: "auth: endUserIp must be a string" });
  await rejects(client.auth({ ...IP, returnRisk: "yes" }), { code, member: "returnRisk", message: "auth: returnRisk must be true or false" });
  await rejects(client.auth({ ...IP, requirment: {} }), { code, member: "requirment", message: "auth: requirment: BankID knows no such member" });
  await rejects(client.auth({ ...IP, requirement: { pincode: true } }), { code, member: "requirement.pincode" });
  await rejects(client.auth({ ...IP, requirement: { personalNumber: "191212121213" } }, { strict: true }), { code, member: "requirement.personalNumber" });
  await rejects(client.sign({ ...IP, userVisibleData: "x", userVisibleDataEncoding: "hex" }), { code, member: "userVisibleDataEncoding" });
  await rejects(client.sign({ ...IP, userVisibleData: 7 }), { code, member: "userVisibleData" });
  await rejects(client.auth(IP, { signal: {} }), { code, member: "signal", message: "auth: signal must be an AbortSignal" });
  await rejects(client.auth(IP, { strict: "yes" }), { code, member: "strict" });
  await rejects(client.collect(), { code, member: "orderRef", message: "collect: orderRef must be a string" });
  await rejects(client.cancel({}), { code, member: "orderRef" });
  await rejects(client.cancel(""), { code, member: "orderRef" });
  assert.throws(() => client.follow("x"), { name: "BankIdError", code, member: "order" });
  assert.throws(() => client.follow({ operation: "auth" }), { code, member: "order.orderRef" });
  assert.throws(() => client.follow({ operation: "login", orderRef: "x", receivedAt: 0 }), { code, member: "operation" });
  assert.throws(() => client.follow({ operation: "auth", orderRef: "x", receivedAt: 0 }, { language: "fi" }), { code, member: "language" });
  assert.throws(() => client.follow({ operation: "auth", orderRef: "x", receivedAt: 0 }, { restarts: -1 }), { code, member: "restarts" });
});

test("settings and identities that do not hold say which", async (t) => {
  const { https, ca, rp } = await simulatorFor(t);
  const options = optionsFor({ https, ca, rp });
  const make = (changed) => () => new BankIdClient({ ...options, ...changed });
  assert.throws(() => new BankIdClient(), { name: "BankIdError", code: "invalidArgument", member: "options" });
  assert.throws(make({ environment: undefined }), { code: "invalidArgument", member: "environment" });
  assert.throws(make({ identity: { pfx: "path" } }), { code: "invalidArgument", member: "identity.pfx" });
  assert.throws(make({ requestTimeoutMs: "5s" }), { code: "invalidArgument", member: "requestTimeoutMs" });
  assert.throws(make({ requestTimeoutMs: 0 }), { code: "badConfiguration", member: "requestTimeoutMs" });
  assert.throws(make({ identity: undefined }), { code: "badConfiguration", member: "identity" });
  assert.throws(make({ environment: { baseUrl: "http://bank.example" } }), { code: "badConfiguration", member: "baseUrl" });
  assert.throws(make({ environment: { baseUrl: https, ca: "no PEM" } }), { code: "badConfiguration", member: "ca" });
  assert.throws(make({ identity: { ...options.identity, passphrase: "wrong" } }), { code: "wrongPassphrase" });
  const certificate = readFileSync(rp.certificate, "utf8");
  assert.throws(make({ identity: { certificate, key: certificate } }), { code: "missingKey" });

  // The days left may change between two looks.
  const factsOf = ({ daysLeft, ...facts }) => {
    assert.ok(daysLeft > 300);
    return facts;
  };
  const facts = factsOf(inspectIdentity(options.identity));
  assert.equal(facts.displayName, "Simulated Shop");
  assert.ok(facts.notAfter > facts.notBefore);
  assert.match(facts.fingerprint, /^[0-9A-F]{64}$/);
  const kinds = [{ certificate, key: readFileSync(rp.key) }, { pfx: readFileSync(rp.legacyPfx), passphrase: rp.passphrase }];
  for (const identity of kinds) {
    assert.deepEqual(factsOf(inspectIdentity(identity)), facts);
    const client = new BankIdClient({ ...options, identity });
    assert.match((await client.auth(IP)).orderRef, /^[0-9a-f-]{36}$/);
    client.replaceIdentity(options.identity);
    assert.deepEqual(factsOf(client.identity), facts);
    assert.throws(() => client.replaceIdentity({ ...options.identity, passphrase: "wrong" }), { code: "wrongPassphrase" });
    await client.close();
    assert.equal(client.identity, undefined);
    await rejects(client.auth(IP), { code: "badConfiguration" });
  }
});

test("what BankID refuses is passed on with details, status and what may be done", async (t) => {
  const client = await clientFor(t, "--scenario", QUICK);
  await rejects(client.collect("00000000-0000-0000-0000-000000000000"), { code: "invalidParameters", details: "No such order", status: 400, retry: "never" });
  const requirement = { personalNumber: "191212121212" };
  const order = await client.auth({ ...IP, requirement });
  await rejects(client.auth({ ...IP, requirement }), { code: "alreadyInProgress", status: 400 });
  assert.deepEqual(await client.collect(order.orderRef), { orderRef: order.orderRef, status: "failed", hintCode: "cancelled" });
  const other = await client.auth(IP);
  assert.equal(await client.cancel(other), undefined);
  await rejects(client.cancel(other), { code: "invalidParameters", details: "No such order" });
});

test("a server that our authority does not vouch for is not talked to", async (t) => {
  const [one, other] = [await simulatorFor(t), await simulatorFor(t)];
  const client = new BankIdClient({ ...optionsFor(one), environment: { baseUrl: one.https, ca: readFileSync(other.ca) } });
  await rejects(client.auth(IP), { code: "tlsFailed", retry: "never" });
});

test("a signal ends a call, and following an order", async (t) => {
  const client = await clientFor(t, "--scenario", "outstandingTransaction");
  const reason = new Error("the user left");
  await rejects(client.auth(IP, { signal: AbortSignal.abort(reason) }), { code: "aborted", cause: reason });

  const order = await client.auth(IP);
  const abort = new AbortController();
  const updates = client.follow(order, { signal: abort.signal, cancelWhenStopped: true });
  assert.equal((await updates.next()).value.status, "pending");
  const next = updates.next();
  abort.abort(reason);
  await rejects(next, { code: "aborted", cause: reason });
  assert.deepEqual(await updates.next(), { done: true, value: undefined });
  await rejects(client.collect(order), { code: "invalidParameters", details: "No such order" });
});

test("leaving the loop ends it, and cancels the order if asked", async (t) => {
  const client = await clientFor(t, "--scenario", "outstandingTransaction");
  const [kept, dropped] = [await client.auth(IP), await client.auth(IP)];
  for await (const update of client.follow(kept)) {
    assert.equal(update.status, "pending");
    break;
  }
  assert.equal((await client.collect(kept)).status, "pending");
  for await (const update of client.follow(dropped, { cancelWhenStopped: true })) {
    assert.equal(update.status, "pending");
    break;
  }
  await rejects(client.collect(dropped), { code: "invalidParameters", details: "No such order" });

  const updates = client.follow(await client.auth(IP));
  await updates.next();
  const pending = updates.next();
  assert.deepEqual(await updates.return(), { done: true, value: undefined });
  assert.deepEqual(await pending, { done: true, value: undefined });
});

test("an order that nobody scanned is started again, as often as asked", async (t) => {
  const client = await clientFor(t, "--scenario", "outstandingTransaction, startFailed");
  const order = await client.auth(IP);
  const updates = await all(client.follow(order, { restarts: 2 }));
  const restarted = updates.filter((update) => update.order !== undefined).map((update) => update.order);
  assert.equal(new Set([order, ...restarted].map((one) => one.orderRef)).size, 3);
  assert.deepEqual([updates.at(-1).status, updates.at(-1).hintCode, updates.at(-1).orderRef], ["failed", "startFailed", restarted[1].orderRef]);
  // A copy has no memory of its request.
  const again = await client.auth(IP);
  assert.equal((await all(client.follow({ ...again }, { restarts: 2 }))).filter((update) => update.order).length, 0);
});
