// The npm package `bankid` 3.2.1, as published, over mutual TLS: only its URL and CA are changed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";

import { run } from "../../../scripts/process.mjs";
import { simulatorFor, startSimulator } from "../../support/simulator.mjs";

const require = createRequire(import.meta.url);
const { BankIdClient, BankIdClientV6 } = require("bankid");

const IP = "203.0.113.25";
const TEXT = "Jag godk\u00e4nner k\u00f6p av 2 biljetter.";

/**
 * The client's options. It collects on a timer whether or not the last answer has come, so it must not be
 * hurried: whoever collects while `complete` is on its way is told `No such order`, and the client gives up.
 * It also keeps a timer for each QR code, which would hold the process.
 */
const OPTIONS = { refreshInterval: 1000, qrOptions: { orderTTL: 2 } };

/** The client writes BankID's own address itself, so the address is changed where it keeps it. */
const pointAt = (client, simulator, version) => {
  client.axios.defaults.baseURL = `${simulator.https}/rp/${version}/`;
  return client;
};

const clientV6 = (simulator, options) =>
  pointAt(new BankIdClientV6({ ca: simulator.ca, ...OPTIONS, ...options }), simulator, "v6.0");

/** The first login and the first signature of a process wait for their keys; the tests below should not. */
const makeKeys = async ({ http }) => {
  const post = async (path, body) => {
    const headers = { "Content-Type": "application/json" };
    return (await fetch(`${http}/rp/v6.0/${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  for (const path of ["auth", "sign"]) {
    const { orderRef } = await post(path, { endUserIp: IP, userVisibleData: "eA==" });
    while ((await post("collect", { orderRef })).status === "pending");
  }
};

const withPfx = ({ rp }) => ({ pfx: rp.pfx, passphrase: rp.passphrase });

test("the client is the published one", () => {
  assert.equal(require("bankid/package.json").version, "3.2.1");
});

describe("npm bankid, default scenario", { concurrency: true }, () => {
  let simulator;
  before(async () => {
    simulator = await startSimulator();
    await makeKeys(simulator);
  });
  after(() => simulator?.stop());

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
    const client = new BankIdClient({ ca: simulator.ca, ...OPTIONS, ...withPfx(simulator) });
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

  test("reads the legacy pfx only where OpenSSL is told to, as with BankID's own", async () => {
    const login = `
      const { BankIdClientV6 } = require("bankid");
      const { https, ca, rp } = ${JSON.stringify(simulator)};
      const client = new BankIdClientV6({ ca, pfx: rp.legacyPfx, passphrase: rp.passphrase, ...${JSON.stringify(OPTIONS)} });
      client.axios.defaults.baseURL = https + "/rp/v6.0/";
      client.authenticateAndCollect({ endUserIp: "${IP}" }).then(({ status }) => console.log(status));`;
    const node = (...flags) => run(process.execPath, [...flags, "--eval", login], { cwd: import.meta.dirname, quiet: true });

    const refused = await node();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /unsupported/i);
    assert.deepEqual(await node("--openssl-legacy-provider"), { code: 0, output: "complete\n", timedOut: false, interrupted: false });
  });
});

test("npm bankid sees that the user cancelled", async (t) => {
  const simulator = await simulatorFor(t, ["--scenario", "userCancel"]);
  const client = clientV6(simulator, withPfx(simulator));
  const failed = (orderRef) => ({ orderRef, status: "failed", hintCode: "userCancel" });

  const orders = [client.authenticate({ endUserIp: IP }), client.sign({ endUserIp: IP, userVisibleData: TEXT })];
  await Promise.all((await Promise.all(orders)).map(({ orderRef }) => assert.rejects(client.awaitPendingCollect(orderRef), failed(orderRef))));
});
