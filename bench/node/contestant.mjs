// The process of one client under comparison. The first message says where the simulator is, each later one asks for some
// calls: `auth`, and `collect` of the order, in turns, by so many at a time. Answers are objects, parsed by each client.

import assert from "node:assert/strict";

const connect = (await import(`./clients/${process.argv[2]}.mjs`)).connect;
let client;

const work = async (calls) => {
  for (let n = 0; n < calls; n += 2) {
    const { orderRef } = await client.auth({ endUserIp: "203.0.113.25" });
    const { status, hintCode } = await client.collect({ orderRef });
    assert.deepEqual([status, hintCode], ["pending", "outstandingTransaction"]);
  }
};

const round = async ({ inFlight, calls }) => {
  const each = Math.max(2, Math.round(calls / inFlight / 2) * 2);
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await Promise.all(Array.from({ length: inFlight }, () => work(each)));
  const us = Number(process.hrtime.bigint() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { usPerCall: us / (each * inFlight), cpuUsPerCall: (user + system) / (each * inFlight) };
};

process.on("message", async (message) => {
  try {
    if (client === undefined) {
      client = await connect(message);
      process.send({});
    } else {
      process.send(await round(message));
    }
  } catch (error) {
    process.send({ error: error.stack });
  }
});
process.on("disconnect", () => process.exit());
