// A test author's story: a web backend under test, two tests at the same time, each in a lane of its own.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";

import { qr } from "bankid-kit";
import { BankIdClientV6 } from "bankid-kit/compat";
import { Simulator } from "bankid-kit/simulator";

const NOON = Date.UTC(2030, 0, 1, 12);

/** A backend with a login, as small as they come; it knows nothing of the simulator but where BankID is. */
const backend = async ({ environment, identity }) => {
  const baseUrl = environment.baseUrl.replace(/v6\.0$/, "");
  const bankid = new BankIdClientV6({ production: false, baseUrl, ca: Buffer.from(environment.ca), ...identity, qrEnabled: false });
  let order;
  const routes = {
    "POST /login": async () => void (order = await bankid.authenticate({ endUserIp: "203.0.113.25" })),
    "GET /login": async () => {
      const { status, hintCode, completionData } = await bankid.collect({ orderRef: order.orderRef });
      return { status, hintCode, name: completionData?.user.name };
    },
    "GET /code": async () => order,
  };
  const server = createServer(async (request, response) => {
    const answer = await routes[`${request.method} ${request.url}`]().catch(({ code }) => ({ error: code }));
    response.end(JSON.stringify(answer ?? {}));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const ask = async (method, path) => (await fetch(`http://127.0.0.1:${server.address().port}${path}`, { method })).json();
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { ask, close };
};

describe("a login, tested", { concurrency: true }, () => {
  let simulator;
  before(async () => (simulator = await Simulator.start({ frozenAt: NOON, config: { scenarios: { hesitant: "outstandingTransaction, userSign 20s, complete" } } })));
  after(() => simulator.stop());

  const world = async (t, name) => {
    const lane = simulator.lane(name);
    const { ask, close } = await backend(simulator.clientOptions({ lane: name }));
    t.after(close);
    return { lane, ask };
  };

  test("Anna scans the code and approves, at the second try", async (t) => {
    const { lane, ask } = await world(t, "anna");
    await lane.next({ error: "maintenance", operations: ["auth"] });
    await lane.next("phone");
    assert.deepEqual(await ask("POST", "/login"), { error: "maintenance" });
    const [started] = await Promise.all([lane.nextOrder(), ask("POST", "/login")]);
    assert.equal(started.scenario, "phone");
    const anna = lane.phone("anna");
    await lane.clock.advance("10s");
    const order = { ...(await ask("GET", "/code")), receivedAt: NOON };
    await assert.rejects(anna.scan(qr(order, NOON)), { code: "phoneRefused", reason: "stale" });
    await anna.scan(qr(order, NOON + 10_000));
    assert.deepEqual(await ask("GET", "/login"), { status: "pending", hintCode: "userSign" });
    await anna.approve();
    assert.deepEqual(await ask("GET", "/login"), { status: "complete", name: "Anna Testberg" });
  });

  test("another user hesitates, and a third never comes", async (t) => {
    const { lane, ask } = await world(t, "hesitant");
    await lane.next("hesitant");
    await ask("POST", "/login");
    const hints = [];
    for (const by of [undefined, "1s", "18s", "5s"]) {
      if (by) await lane.clock.advance(by);
      hints.push((await ask("GET", "/login")).hintCode ?? "complete");
    }
    assert.deepEqual(hints, ["outstandingTransaction", "userSign", "userSign", "complete"]);
    await lane.next("phone");
    await ask("POST", "/login");
    await lane.clock.advance("31s");
    assert.deepEqual(await ask("GET", "/login"), { status: "failed", hintCode: "startFailed" });
    // Nobody else's clock has moved.
    assert.equal((await simulator.clock.read()).nowMs, NOON);
  });
});
