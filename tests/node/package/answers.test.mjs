// What servers may answer instead of what they should, over plain HTTP on loopback.

import assert from "node:assert/strict";
import { createServer as createSocketServer } from "node:net";
import { createServer } from "node:http";
import { test } from "node:test";

import { BankIdClient, BankIdError, messageFor } from "bankid-kit";

const IP = { endUserIp: "203.0.113.25" };
const TOKENS = { orderRef: "order", autoStartToken: "start", qrStartToken: "token", qrStartSecret: "secret" };

const listening = async (t, server) => {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections?.();
    return new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${server.address().port}/rp/v6.0`;
};

/** A client whose calls are all answered so. */
const answered = async (t, answer, options = {}) => {
  const requests = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (more) => (body += more)).on("end", () => {
      requests.push({ path: request.url, type: request.headers["content-type"], body });
      answer(response, requests.length);
    });
  });
  const baseUrl = await listening(t, server);
  return { requests, client: new BankIdClient({ environment: { baseUrl }, retries: 0, ...options }) };
};

const json = (value, status = 200) => (response) => {
  response.writeHead(status, { "Content-Type": "application/json" }).end(typeof value === "string" ? value : JSON.stringify(value));
};

test("members that nobody knows survive, both ways of an order", async (t) => {
  const { client } = await answered(t, json({ ...TOKENS, news: { since: [2027] } }));
  assert.deepEqual((await client.auth(IP)).news, { since: [2027] });

  const pending = { orderRef: "order", status: "pending", hintCode: "userTelepathy", more: "x" };
  const { client: other } = await answered(t, json(pending));
  assert.deepEqual(await other.collect("order"), pending);
});

test("a request is sent as BankID takes it", async (t) => {
  const { client, requests } = await answered(t, json(TOKENS));
  await client.sign({ ...IP, userVisibleData: "Hej å", userNonVisibleData: new Uint8Array([0, 255]), returnRisk: undefined, web: { referringDomain: "a.example", userAgent: "🙂".repeat(300) } });
  const [{ path, type, body }] = requests;
  assert.deepEqual([path, type], ["/rp/v6.0/sign", "application/json"]);
  assert.deepEqual(JSON.parse(body), {
    ...IP, userVisibleData: Buffer.from("Hej å").toString("base64"), userNonVisibleData: "AP8=",
    web: { referringDomain: "a.example", userAgent: "🙂".repeat(256) },
  });
});

test("refusals keep code, details and status; those of no document are told by their status", async (t) => {
  const cases = [
    [json({ errorCode: "alreadyInProgress", details: "Order already in progress for pno" }, 400), { code: "alreadyInProgress", details: "Order already in progress for pno", status: 400 }],
    [json({ errorCode: "outOfCheese" }, 400), { code: "outOfCheese", status: 400, details: undefined }],
    [json("<html>gateway</html>", 503), { code: "maintenance", status: 503, retry: "later" }],
    [json("", 401), { code: "unauthorized", status: 401 }],
    [json("<html>what?</html>", 400), { code: "badAnswer", status: 400 }],
    [json("<html>what?</html>", 200), { code: "badAnswer", status: 200 }],
    [json("x".repeat(1_000_000), 200), { code: "badAnswer", status: 200 }],
    [json("{\"orderRef\":", 200), { code: "badAnswer", status: 200 }],
    [json([], 418), { code: "badAnswer", status: 418 }],
  ];
  for (const [answer, facts] of cases) {
    const { client } = await answered(t, answer);
    await assert.rejects(client.auth(IP), (error) => {
      assert.ok(error instanceof BankIdError);
      for (const [name, value] of Object.entries(facts)) assert.equal(error[name], value, `${name}: ${error.message}`);
      assert.match(messageFor(error, { language: "sv" }).id, /^RFA(4|5|22)$/);
      return true;
    });
  }
});

test("an answer that is too long, or too late, or none at all", async (t) => {
  const long = await answered(t, json("x".repeat(3 << 20)));
  await assert.rejects(long.client.auth(IP), { name: "BankIdError", code: "badAnswer" });
  const late = await answered(t, () => {}, { requestTimeoutMs: 50 });
  await assert.rejects(late.client.auth(IP), { code: "timeout", retry: "never" });
  await assert.rejects(late.client.collect("order"), { code: "timeout", retry: "nextPoll" });
  const silent = await listening(t, createSocketServer((socket) => socket.destroy()));
  const client = new BankIdClient({ environment: { baseUrl: silent }, retries: 0 });
  await assert.rejects(client.auth(IP), { code: "connectionFailed" });
  const nobody = new BankIdClient({ environment: { baseUrl: "http://127.0.0.1:1" }, retries: 0 });
  await assert.rejects(nobody.auth(IP), { code: "connectionFailed", retry: "safeNow" });
});

test("a signal ends a call that is under way", async (t) => {
  const abort = new AbortController();
  const reason = new Error("enough");
  const { client, requests } = await answered(t, () => abort.abort(reason));
  await assert.rejects(client.auth(IP, { signal: abort.signal }), { code: "aborted", cause: reason, retry: "never" });
  assert.equal(requests.length, 1);
});

test("a person's data is no member that loggers print", async () => {
  const error = new BankIdError("x", { code: "completionRefused", completionData: { user: {} } });
  assert.deepEqual(Object.keys(error), ["code", "retry"]);
  assert.deepEqual(error.completionData, { user: {} });
});
