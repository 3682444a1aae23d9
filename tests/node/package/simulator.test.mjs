// The simulator in process, as a test author uses it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Worker } from "node:worker_threads";

import { qr } from "bankid-kit";
import { Simulator, SimulatorError } from "bankid-kit/simulator";
import { ROOT } from "../../../scripts/build.mjs";
import { run } from "../../../scripts/process.mjs";

const IP = "203.0.113.25";
const FROZEN = 1_800_000_000_000;

/** A started simulator that stops with the test. */
const started = async (t, options) => {
  const simulator = await Simulator.start(options);
  t.after(() => simulator.stop());
  return simulator;
};

const post = async (baseUrl, path, body) => {
  const headers = { "Content-Type": "application/json" };
  return (await fetch(`${baseUrl}/${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
};

/** What `qr` takes, of an answer that came at the lane's time. */
const received = (order, receivedAt) => ({ ...order, receivedAt });

const refusal = (code, members = {}) => (error) => {
  assert.ok(error instanceof SimulatorError && error instanceof Error);
  assert.equal(error.name, "SimulatorError");
  for (const [name, value] of Object.entries({ code, ...members })) assert.equal(error[name], value, `${name} of ${error.message}`);
  return true;
};

describe("a running simulator", () => {
  let simulator;
  before(async () => (simulator = await Simulator.start({ scenario: "phone", frozenAt: FROZEN })));
  after(() => simulator?.stop());

  /** A lane of the test's own. */
  let count = 0;
  const fresh = () => {
    const lane = simulator.lane(`test-${(count += 1)}`);
    const { environment } = simulator.clientOptions({ lane: lane.name, plain: true });
    return { lane, rp: (path, body) => post(environment.baseUrl, path, body) };
  };

  test("orders are scanned and approved by a phone, at the lane's time", async () => {
    const { lane, rp } = fresh();
    const order = await rp("auth", { endUserIp: IP });
    const anna = lane.phone("anna");
    assert.equal(await anna.order(), undefined);
    await assert.rejects(anna.scan("bankid.x.0.y"), refusal("phoneRefused", { member: "qr" }));
    assert.deepEqual(await lane.clock.advance(7_000), { nowMs: FROZEN + 7_000, speed: 0 });
    await assert.rejects(anna.scan(qr(received(order, FROZEN), FROZEN)), refusal("phoneRefused", { reason: "stale" }));
    const scanned = await anna.scan(qr(received(order, FROZEN), FROZEN + 7_000));
    assert.deepEqual([scanned.orderRef, scanned.hintCode, scanned.number], [order.orderRef, "userSign", 1]);
    assert.equal((await rp("collect", { orderRef: order.orderRef })).hintCode, "userSign");
    const approved = await anna.approve({ way: "biometrics" });
    assert.equal(approved.status, "complete");
    assert.equal((await anna.order()).orderRef, order.orderRef);
    await assert.rejects(anna.approve(), refusal("alreadyDecided", { outcome: "complete" }));
    assert.equal((await rp("collect", { orderRef: order.orderRef })).completionData.user.givenName, "Anna");
    assert.equal((await lane.order(order.orderRef)).gone, "collected");
  });

  test("a phone opens links, finds orders for its number, cancels, declines and reads documents", async () => {
    const { lane, rp } = fresh();
    const { autoStartToken } = await rp("auth", { endUserIp: IP });
    const phone = lane.phone();
    assert.equal(phone.persona, undefined);
    assert.equal((await phone.open(`bankid:///?autostarttoken=${autoStartToken}`)).hintCode, "userSign");
    assert.equal((await phone.cancel()).hintCode, "userCancel");

    const personalNumber = "191212121212";
    await rp("phone/auth", { personalNumber, callInitiator: "RP" });
    assert.equal((await phone.open()).hintCode, "userCallConfirm");
    await assert.rejects(phone.approve(), refusal("phoneRefused", { reason: "notNow" }));
    assert.equal((await phone.confirmCall()).hintCode, "userSign");
    await phone.cancel();
    await rp("phone/auth", { personalNumber, callInitiator: "user" });
    await phone.open();
    assert.equal((await phone.declineCall()).hintCode, "userDeclinedCall");

    const { autoStartToken: second } = await rp("auth", { endUserIp: IP, requirement: { mrtd: true } });
    assert.equal((await phone.open(`https://app.bankid.com/?autostarttoken=${second}`)).hintCode, "userMrtd");
    assert.equal((await phone.readDocument()).hintCode, "userSign");
    await assert.rejects(lane.phone("nobody").order(), refusal("invalidMember", { member: "persona" }));
  });

  test("what happens next is queued, listed, and taken back", async () => {
    const { lane, rp } = fresh();
    await lane.next("userCancel");
    await lane.next({ scenario: "complete", persona: "anna", operations: ["sign", "phoneSign"] });
    await lane.next({ error: "maintenance", details: "Back soon", operations: ["collect"] });
    assert.deepEqual(await lane.queue.list(), [
      { number: 1, outcome: "userCancel", operations: [] },
      { number: 2, outcome: "complete", operations: ["sign", "phone/sign"] },
      { number: 3, outcome: "503 maintenance", operations: ["collect"] },
    ]);
    assert.equal((await lane.facts()).queued, 3);
    const { orderRef } = await rp("auth", { endUserIp: IP });
    assert.deepEqual(await rp("collect", { orderRef }), { errorCode: "maintenance", details: "Back soon" });
    await lane.queue.clear();
    assert.deepEqual(await lane.queue.list(), []);
    await assert.rejects(lane.next("userCancle"), refusal("invalidScenario", { member: "scenario", nearest: "userCancel" }));
    await assert.rejects(lane.next({ senario: "x" }), refusal("invalidMember", { member: "senario", nearest: "scenario" }));
    await assert.rejects(lane.next({ error: "hangUp", delay: Number.NaN }), refusal("invalidMember", { member: "delay" }));
    for (const nothing of [undefined, null, 7, []]) await assert.rejects(lane.next(nothing), refusal("invalidMember"));
  });

  test("instructions take effect in the order they are given, awaited or not", async () => {
    const { lane, rp } = fresh();
    const given = [lane.next("userCancel"), lane.setDefault("certificateErr"), lane.clock.advance("1s")];
    const orders = [await rp("auth", { endUserIp: IP }), await rp("auth", { endUserIp: IP })];
    assert.equal(orders.length, 2);
    assert.deepEqual((await lane.orders()).map(({ scenario, rule }) => [scenario, rule]), [["userCancel", "queue"], ["certificateErr", "lane"]]);
    await Promise.all(given);
  });

  test("orders are waited for: new ones, given ones, until aborted", async () => {
    const { lane, rp } = fresh();
    const first = await rp("auth", { endUserIp: IP });
    const next = lane.nextOrder();
    const { orderRef } = await rp("auth", { endUserIp: IP });
    assert.equal((await next).orderRef, orderRef);
    assert.equal((await lane.nextOrder({ after: 0 })).orderRef, first.orderRef);
    const controller = new AbortController();
    const reason = new Error("enough");
    const wait = lane.nextOrder({ signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(wait, refusal("aborted", { cause: reason }));
    await assert.rejects(lane.nextOrder({ signal: AbortSignal.abort(reason) }), refusal("aborted", { cause: reason }));
    await assert.rejects(lane.nextOrder({ after: -1 }), refusal("invalidMember", { member: "after" }));
  });

  test("many orders are listed whole", async () => {
    const { lane, rp } = fresh();
    await Promise.all(Array.from({ length: 230 }, () => rp("auth", { endUserIp: IP })));
    const orders = await lane.orders();
    assert.deepEqual(orders.map(({ number }) => number), Array.from({ length: 230 }, (_, index) => index + 1));
  });

  test("clocks are read, frozen, and run", async () => {
    const { lane } = fresh();
    assert.deepEqual(await lane.clock.read(), { nowMs: FROZEN, speed: 0 });
    assert.equal((await lane.clock.run(60)).speed, 60);
    assert.equal((await lane.clock.run()).speed, 1);
    const { nowMs, speed } = await lane.clock.freeze();
    assert.ok(nowMs >= FROZEN && speed === 0);
    for (const bad of [-1, "soon", undefined, 25 * 3_600_000]) await assert.rejects(lane.clock.advance(bad), refusal("invalidMember"));
    await assert.rejects(lane.clock.run(0), refusal("invalidMember", { member: "speed" }));
  });

  test("lanes are apart, listed, reset and deleted", async () => {
    const { lane, rp } = fresh();
    await assert.rejects(lane.facts(), refusal("noSuchLane"));
    await rp("auth", { endUserIp: IP });
    assert.equal((await lane.facts()).liveOrders, 1);
    assert.ok((await simulator.lanes()).some(({ name }) => name === lane.name));
    assert.deepEqual(await simulator.orders(), []);
    await lane.reset();
    assert.deepEqual(await lane.orders(), []);
    await simulator.deleteLane(lane.name);
    await assert.rejects(simulator.deleteLane(lane.name), refusal("noSuchLane"));
    await assert.rejects(simulator.lane("a/b").reset(), refusal("noSuchLane"));
    await assert.rejects(simulator.lane("default/reset?").orders(), refusal("noSuchLane"));
    await assert.rejects(lane.order("../queue"), refusal("noSuchOrder"));
  });

  test("the simulator is its own default lane", async () => {
    await simulator.next("userCancel");
    const next = simulator.nextOrder();
    const { orderRef } = await post(simulator.http, "auth", { endUserIp: IP });
    assert.equal((await next).orderRef, orderRef);
    assert.equal((await simulator.order(orderRef)).scenario, "userCancel");
    assert.equal((await simulator.facts()).name, "default");
    await simulator.setDefault("realistic");
    await simulator.setDefault(null);
    await simulator.reset();
    assert.deepEqual(await simulator.orders(), []);
  });

  test("scenarios and personas are listed, and the root of signatures is shown", async () => {
    const scenarios = await simulator.scenarios();
    assert.ok(scenarios.some(({ name, about, steps }) => name === "userCancel" && about && steps));
    const [persona] = await simulator.personas();
    assert.deepEqual([persona.personalNumber, persona.givenName], ["191212121212", "Tolvan"]);
    assert.match(await simulator.userRootPem(), /^-----BEGIN CERTIFICATE-----/);
  });

  test("certificates let a client in over mutual TLS, and clientOptions has them", async () => {
    const { ca, rp } = simulator.certificates;
    assert.match(rp.certificate + rp.key, /BEGIN CERTIFICATE[^]*BEGIN PRIVATE KEY/);
    assert.ok(Buffer.isBuffer(rp.pfx) && Buffer.isBuffer(rp.legacyPfx));
    const { environment, identity, pollIntervalMs } = simulator.clientOptions({ lane: "tls" });
    assert.deepEqual([environment.ca, identity, pollIntervalMs], [ca, { pfx: rp.pfx, passphrase: rp.passphrase }, 20]);
    for (const client of [identity, { cert: rp.certificate, key: rp.key }]) {
      const call = request(`${environment.baseUrl}/auth`, { method: "POST", ca, ...client, headers: { "Content-Type": "application/json" } });
      call.end(JSON.stringify({ endUserIp: IP }));
      const [response] = await once(call, "response");
      assert.equal(response.statusCode, 200);
      response.resume();
    }
    assert.equal((await simulator.lane("tls").orders()).length, 2);
    assert.deepEqual(simulator.clientOptions({ plain: true }), { environment: { baseUrl: simulator.http }, pollIntervalMs: 20 });
    assert.equal(simulator.clientOptions().environment.baseUrl, simulator.https);
  });
});

test("start says what is wrong, where, and what was probably meant", async () => {
  const refused = (options, ...expected) => assert.rejects(Simulator.start(options), refusal(...expected));
  await refused({ senario: "phone" }, "badConfiguration", { member: "senario", nearest: "scenario" });
  await refused({ scenario: "fone" }, "invalidScenario", { member: "scenario", nearest: "phone" });
  await refused({ config: { operations: { sing: "phone" } } }, "badConfiguration", { member: "config.operations.sing", nearest: "sign" });
  await refused({ config: "[operations]\nsing = 'phone'" }, "badConfiguration", { member: "config.operations.sing", nearest: "sign" });
  await assert.rejects(Simulator.start({ config: "[operations]\nsing = 'phone'" }), /^SimulatorError: 2:1: operations\.sing/);
  await refused({ port: false, tlsPort: false }, "nothingToListenOn");
  await refused({ listen: "nowhere" }, "badConfiguration", { member: "listen" });
  await refused({ frozenAt: Number.NaN }, "invalidMember", { member: "frozenAt" });
  await refused("phone", "invalidMember");
  const simulator = await Simulator.start({ tlsPort: false });
  await refused({ port: Number(new URL(simulator.http).port) }, "cannotListen");
  await simulator.stop();
  assert.throws(() => new Simulator(), TypeError);
});

test("options reach the simulator", async (t) => {
  const certsDir = mkdtempSync(join(tmpdir(), "bankid-kit-"));
  t.after(() => rmSync(certsDir, { recursive: true }));
  const config = { scenarios: { mine: "userSign, complete" }, personas: { robin: { personalNumber: "198001052383", givenName: "Robin", surname: "Testberg" } } };
  const options = { config, certsDir, seed: 2n ** 64n - 1n, names: ["bankid.test"], maxLanes: 2, frozenAt: FROZEN };
  const orders = [];
  for (const _ of [1, 2]) {
    const simulator = await started(t, options);
    assert.ok(existsSync(join(certsDir, "ca.pem")));
    assert.equal(simulator.certificates.ca, readFileSync(join(certsDir, "ca.pem"), "utf8"));
    assert.ok((await simulator.personas()).some(({ name }) => name === "robin"));
    await simulator.next("mine");
    orders.push((await post(simulator.http, "auth", { endUserIp: IP })).orderRef);
    await simulator.lane("one").reset();
    await post(simulator.clientOptions({ lane: "one", plain: true }).environment.baseUrl, "auth", { endUserIp: IP });
    await assert.rejects(simulator.lane("two").reset(), refusal("full"));
  }
  assert.equal(orders[0], orders[1]);
});

test("ports can be off", async (t) => {
  const plain = await started(t, { tlsPort: false });
  assert.deepEqual([plain.https, plain.certificates], [undefined, undefined]);
  assert.deepEqual(plain.clientOptions(), { environment: { baseUrl: plain.http }, pollIntervalMs: 20 });
  const tls = await started(t, { port: false });
  assert.deepEqual([tls.http, tls.control], [undefined, undefined]);
  assert.throws(() => tls.clientOptions({ plain: true }), refusal("nothingToListenOn"));
  // The control plane is there without its port.
  await tls.next("userCancel");
});

test("stopping drains, ends waits, is idempotent, and refuses what comes after", async () => {
  const simulator = await Simulator.start();
  const wait = assert.rejects(simulator.nextOrder(), refusal("stopped"));
  const { http } = simulator;
  assert.equal(simulator.stop(), simulator.stop());
  await simulator.stop();
  await wait;
  await assert.rejects(fetch(http));
  await assert.rejects(simulator.orders(), refusal("stopped"));
  await assert.rejects(simulator.userRootPem(), refusal("stopped"));
  await simulator[Symbol.asyncDispose]();
});

test("the event loop goes on while simulators start", async () => {
  let turns = 0;
  const beat = setInterval(() => (turns += 1), 1);
  const simulators = await Promise.all(Array.from({ length: 20 }, () => Simulator.start()));
  clearInterval(beat);
  assert.ok(turns > 0);
  assert.equal(new Set(simulators.map(({ http }) => http)).size, 20);
  await Promise.all(simulators.map((simulator) => simulator.stop()));
});

describe("processes", () => {
  const node = (script) => run(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT, quiet: true, limitMs: 20_000 });
  const START = `import { Simulator } from "bankid-kit/simulator"; const simulator = await Simulator.start({ tlsPort: false });`;

  test("a running simulator holds its process as a server does, and no longer", async () => {
    assert.equal((await node(`${START} setTimeout(() => process.exit(7), 500);`)).code, 7);
    assert.equal((await node(`${START} setTimeout(() => process.exit(7), 500).unref();`)).code, 7);
    assert.equal((await node(`${START} await simulator.stop(); setTimeout(() => process.exit(7), 10_000).unref();`)).code, 0);
  });

  test("unref lets the process go, ref takes that back", async () => {
    assert.equal((await node(`${START} simulator.unref(); setTimeout(() => process.exit(7), 10_000).unref();`)).code, 0);
    assert.equal((await node(`${START} simulator.unref().ref(); setTimeout(() => process.exit(7), 500).unref();`)).code, 7);
  });

  test("a worker that is terminated takes its simulators with it, and nothing else", async (t) => {
    const here = await started(t, { tlsPort: false });
    for (const _ of [1, 2, 3]) {
      const worker = new Worker(
        `import("bankid-kit/simulator").then(async ({ Simulator }) => {
          const simulator = await Simulator.start();
          simulator.nextOrder().catch(() => {});
          simulator.userRootPem().catch(() => {});
          require("node:worker_threads").parentPort.postMessage(simulator.http);
        });`,
        { eval: true },
      );
      const [http] = await once(worker, "message");
      assert.equal((await post(http, "auth", { endUserIp: IP })).orderRef.length, 36);
      await worker.terminate();
      while (await fetch(http).then(() => true, () => false));
      assert.equal((await post(here.http, "auth", { endUserIp: IP })).orderRef.length, 36);
    }
  });
});
