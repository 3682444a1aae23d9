// What a Node process may rely on: it exits when nothing is pending, its event loop stays free, worker threads work and may
// be terminated, and memory does not grow. Each runs in a process of its own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { test } from "node:test";

import { ROOT } from "../../../scripts/build.mjs";

/** A process that neither ends nor says anything within this time hangs. */
const LIMIT_MS = 110_000;

/** BankID as far as these tests need it: answers at once, or when told. */
const serverFor = async (t, { wait = () => Promise.resolve() } = {}) => {
  const seen = { auth: 0, open: 0 };
  const server = createServer(async (request, response) => {
    request.resume();
    await wait();
    const path = request.url.split("/").at(-1);
    const token = `00000000-0000-4000-8000-${String(seen.auth).padStart(12, "0")}`;
    if (path === "auth") seen.auth += 1;
    const answers = {
      auth: { orderRef: token, autoStartToken: token, qrStartToken: token, qrStartSecret: token },
      collect: { orderRef: token, status: "failed", hintCode: "userCancel" },
      cancel: {},
    };
    response.setHeader("Content-Type", "application/json").end(JSON.stringify(answers[path]));
  });
  server.on("connection", () => (seen.open += 1));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  return { seen, baseUrl: `http://127.0.0.1:${server.address().port}/rp/v6.0` };
};

/** Runs a module's text to its end, and gives what it printed; it must end by itself, and well. */
const run = (text, baseUrl, flags = []) =>
  new Promise((resolve, reject) => {
    const prelude = `import { BankIdClient } from "bankid-kit";
      const client = () => new BankIdClient({ environment: { baseUrl: ${JSON.stringify(baseUrl)} } });
      const IP = { endUserIp: "203.0.113.25" };`;
    const child = spawn(process.execPath, [...flags, "--input-type=module", "--eval", prelude + text], { cwd: ROOT, timeout: LIMIT_MS });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (more) => (output += more));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output.trim());
      else reject(new Error(`ended with ${code ?? signal}: ${output}`));
    });
  });

test("the process exits when nothing is pending, whatever connections are kept", async (t) => {
  const { baseUrl } = await serverFor(t);
  assert.equal(await run("const kept = client(); await kept.auth(IP); globalThis.kept = kept; console.log('done');", baseUrl), "done");
  assert.equal(await run("const f = client().follow(await client().auth(IP)); globalThis.f = f; console.log('left');", baseUrl), "left");
});

test("a pending call holds the process", async (t) => {
  const { baseUrl } = await serverFor(t, { wait: () => new Promise((done) => setImmediate(done)) });
  assert.equal(await run("client().auth(IP).then((order) => console.log(order.operation));", baseUrl), "auth");
});

test("thousands of orders at once leave the event loop free", async (t) => {
  const { baseUrl, seen } = await serverFor(t);
  const turns = await run(`
    let turns = 0, over = false;
    const turn = () => { turns += 1; if (!over) setImmediate(turn); };
    setImmediate(turn);
    const one = client();
    const orders = await Promise.all(Array.from({ length: 3000 }, () => one.auth(IP)));
    over = true;
    if (new Set(orders.map((order) => order.orderRef)).size !== 3000) throw new Error("orders were mixed up");
    console.log(turns);`, baseUrl);
  assert.equal(seen.auth, 3000);
  assert.ok(seen.open <= 128, `${seen.open} connections`);
  // Not a time: had the calls held the loop, there would have been no turn before they were all over.
  assert.ok(Number(turns) > 100, `${turns} turns of the event loop`);
});

test("worker threads make calls, and may be terminated in the middle of one", async (t) => {
  let hold = false;
  const held = [];
  const { baseUrl } = await serverFor(t, { wait: () => (hold ? new Promise((done) => held.push(done)) : Promise.resolve()) });
  const worker = (text) => `new Worker(${JSON.stringify(`
    Promise.all([import("node:worker_threads"), import("bankid-kit")]).then(async ([{ parentPort }, { BankIdClient }]) => {
      const client = new BankIdClient({ environment: { baseUrl: ${JSON.stringify(baseUrl)} } });
      ${text}
    });`)}, { eval: true })`;
  const ask = 'parentPort.postMessage((await client.auth({ endUserIp: "203.0.113.25" })).operation);';
  const head = 'import { Worker } from "node:worker_threads"; import { once } from "node:events";';
  assert.equal(await run(`${head}
    const workers = [1, 2, 3, 4].map(() => ${worker(ask)});
    const answers = await Promise.all(workers.map(async (worker) => (await once(worker, "message"))[0]));
    console.log(answers.join(), (await client().auth(IP)).operation);`, baseUrl), "auth,auth,auth,auth auth");

  hold = true;
  t.after(() => held.forEach((done) => done()));
  const busy = 'const calls = Array.from({ length: 50 }, () => client.auth({ endUserIp: "203.0.113.25" })); parentPort.postMessage("busy"); await Promise.all(calls);';
  assert.equal(await run(`${head}
    for (let round = 0; round < 5; round += 1) {
      const worker = ${worker(busy)};
      await once(worker, "message");
      await worker.terminate();
    }
    console.log("alive");`, baseUrl), "alive");
});

test("memory does not grow over ten thousand orders", async (t) => {
  const { baseUrl, seen } = await serverFor(t);
  const growth = await run(`
    const one = client();
    const orders = async (count) => {
      for (let done = 0; done < count; done += 50) {
        await Promise.all(Array.from({ length: 50 }, async () => {
          const order = await one.auth(IP);
          for await (const update of one.follow(order, { signal: new AbortController().signal })) if (update.status !== "failed") throw update;
        }));
      }
      gc();
      const { rss, heapTotal, heapUsed } = process.memoryUsage();
      return { ours: rss - heapTotal, heapUsed };
    };
    await orders(1000);
    const before = await orders(1000);
    const after = await orders(10_000);
    console.log(JSON.stringify({ ours: (after.ours - before.ours) / 2 ** 20, heapUsed: (after.heapUsed - before.heapUsed) / 2 ** 20, open: process.getActiveResourcesInfo() }));`, baseUrl, ["--expose-gc"]);
  const { ours, heapUsed, open } = JSON.parse(growth);
  assert.equal(seen.auth, 12_000);
  // The output, and what only waits for its turn, are no handles of ours.
  assert.deepEqual(open.filter((name) => !["CloseReq", "Immediate", "PipeWrap", "TTYWrap"].includes(name)), [], "no handle is left");
  // A leak of one kilobyte an order would be ten megabytes. What V8 has set aside, and not given back, is no leak.
  assert.ok(ours < 10, `${ours} MB more outside the heap after 10,000 orders`);
  assert.ok(heapUsed < 5, `${heapUsed} MB more in the heap after 10,000 orders`);
});
