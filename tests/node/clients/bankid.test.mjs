// The npm package `bankid` 3.2.1, as published, over mutual TLS: only its URL and CA are changed.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { before, describe, test } from "node:test";

import { startSimulator } from "../../support/simulator.mjs";

const require = createRequire(import.meta.url);
const { BankIdClient, BankIdClientV6 } = require("bankid");

const IP = "203.0.113.25";
const TEXT = "Jag godk\u00e4nner k\u00f6p av 2 biljetter.";

/** The client waits this long between its collects, instead of two seconds. */
const PACE_MS = 20;

/** The client writes BankID's own address itself, so the address is changed where it keeps it. */
const pointAt = (client, simulator, version) => {
  client.axios.defaults.baseURL = `${simulator.https}/rp/${version}/`;
  return client;
};

const clientV6 = (simulator, options) =>
  pointAt(new BankIdClientV6({ ca: simulator.ca, refreshInterval: PACE_MS, ...options }), simulator, "v6.0");

const withPfx = ({ rp }) => ({ pfx: rp.pfx, passphrase: rp.passphrase });

test("the client is the published one", () => {
  assert.equal(require("bankid/package.json").version, "3.2.1");
});

describe("npm bankid, default scenario", () => {
  let simulator;
  before(async (t) => {
    simulator = await startSimulator(t);
  });

  test("logs in with a certificate of the simulator", async () => {
    const client = clientV6(simulator, withPfx(simulator));
    const order = await client.authenticate({ endUserIp: IP });
    assert.match((await order.qr.nextQr(order.orderRef, { maxCycles: 1 }).next()).value, /^bankid\.[0-9a-f-]{36}\.0\.[0-9a-f]{64}$/);

    const answer = await client.awaitPendingCollect(order.orderRef);
    assert.equal(answer.orderRef, order.orderRef);
    assert.equal(answer.status, "complete");
    assert.deepEqual(answer.completionData.user, {
      personalNumber: "191212121212",
      name: "Tolvan Tolvansson",
      givenName: "Tolvan",
      surname: "Tolvansson",
    });
    assert.equal(answer.completionData.device.ipAddress, IP);
  });

  test("signs, and the signature holds the text", async () => {
    const { completionData } = await clientV6(simulator, withPfx(simulator)).signAndCollect({ endUserIp: IP, userVisibleData: TEXT });
    const xml = Buffer.from(completionData.signature, "base64").toString();
    const [, shown] = /<usrVisibleData[^>]*>([^<]*)<\/usrVisibleData>/.exec(xml);
    assert.equal(Buffer.from(shown, "base64").toString(), TEXT);
  });

  test("logs in with the test certificate that BankID publishes and the package carries", async () => {
    const { status } = await clientV6(simulator).authenticateAndCollect({ endUserIp: IP });
    assert.equal(status, "complete");
  });

  test("cancels, and the order is gone", async () => {
    const client = clientV6(simulator, withPfx(simulator));
    const { orderRef } = await client.authenticate({ endUserIp: IP });
    assert.deepEqual(await client.cancel({ orderRef }), {});
    await assert.rejects(client.collect({ orderRef }), { name: "BankIdError", code: "invalidParameters", details: "No such order" });
  });

  test("sees only the orders of its own certificate", async () => {
    const { orderRef } = await clientV6(simulator, withPfx(simulator)).authenticate({ endUserIp: IP });
    await assert.rejects(clientV6(simulator).collect({ orderRef }), { code: "invalidParameters", details: "No such order" });
  });

  test("logs in over v5.1", async () => {
    const client = new BankIdClient({ ca: simulator.ca, refreshInterval: PACE_MS, ...withPfx(simulator) });
    const { completionData } = await pointAt(client, simulator, "v5.1").authenticateAndCollect({ endUserIp: IP, personalNumber: "191212121212" });
    assert.equal(completionData.user.personalNumber, "191212121212");
    assert.match(completionData.cert.notAfter, /^\d{13}$/);
  });

  test("is refused without a certificate", async () => {
    const client = clientV6(simulator, withPfx(simulator));
    client.axios.defaults.httpsAgent = new (require("node:https").Agent)({ ca: readFileSync(simulator.ca) });
    await assert.rejects(client.authenticate({ endUserIp: IP }), { name: "RequestError" });
  });

  test("does not trust the simulator without its CA", async () => {
    const client = pointAt(new BankIdClientV6({ ...withPfx(simulator) }), simulator, "v6.0");
    await assert.rejects(client.authenticate({ endUserIp: IP }), { name: "RequestError" });
  });

  test("reads the legacy pfx only where OpenSSL is told to, as with BankID's own", () => {
    const login = `
      const { BankIdClientV6 } = require("bankid");
      const { https, ca, rp } = ${JSON.stringify(simulator)};
      const client = new BankIdClientV6({ ca, pfx: rp.legacyPfx, passphrase: rp.passphrase, refreshInterval: ${PACE_MS} });
      client.axios.defaults.baseURL = https + "/rp/v6.0/";
      client.authenticateAndCollect({ endUserIp: "${IP}" }).then(({ status }) => console.log(status));`;
    const node = (...flags) => spawnSync(process.execPath, [...flags, "--eval", login], { cwd: import.meta.dirname, encoding: "utf8" });

    const refused = node();
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /unsupported/i);
    const accepted = node("--openssl-legacy-provider");
    assert.equal(accepted.stdout.trim(), "complete", accepted.stderr);
  });
});

test("npm bankid sees that the user cancelled", async (t) => {
  const simulator = await startSimulator(t, ["--scenario", "userCancel"]);
  const client = clientV6(simulator, withPfx(simulator));
  const failed = (orderRef) => ({ orderRef, status: "failed", hintCode: "userCancel" });

  const login = await client.authenticate({ endUserIp: IP });
  await assert.rejects(client.awaitPendingCollect(login.orderRef), failed(login.orderRef));
  const signature = await client.sign({ endUserIp: IP, userVisibleData: TEXT });
  await assert.rejects(client.awaitPendingCollect(signature.orderRef), failed(signature.orderRef));
});
