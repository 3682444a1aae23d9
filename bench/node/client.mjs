// Calls over mutual TLS, beside undici's pool and beside npm's `bankid` as shipped. One simulator for all; each client is a
// process of its own (`contestant.mjs`), and they take turns in short rounds of a fixed number of calls.

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { startSimulator } from "../../tests/support/simulator.mjs";

import { median, pairedRatio, printTable } from "./report.mjs";

const CONTESTANTS = ["bankid-kit", "undici", "bankid"];
const IN_FLIGHT = [1, 64];

/** npm's bankid connects anew for every call, and so gets fewer to do. */
const share = (name, calls) => (name === "bankid" ? Math.ceil(calls / 10) : calls);

/** A process with one client that is connected; `round` asks it for some calls. */
const startContestant = async (name, simulator) => {
  const child = fork(join(import.meta.dirname, "contestant.mjs"), [name]);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the process of ${name} ended with ${code}`);
  });
  ended.catch(() => {});
  const answer = async (message) => {
    const answered = once(child, "message");
    child.send(message);
    const [reply] = await Promise.race([answered, ended]);
    if (reply.error) throw new Error(`${name}: ${reply.error}`);
    return reply;
  };
  await answer({ https: simulator.https, ca: simulator.ca, rp: simulator.rp });
  return { name, round: answer, stop: () => child.kill() };
};

const compare = async (contestants, inFlight, { rounds, calls }) => {
  const results = Object.fromEntries(CONTESTANTS.map((name) => [name, []]));
  // The first round opens the connections.
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, round: ask } of contestants) {
      const result = await ask({ inFlight, calls: share(name, calls) });
      if (round >= 0) results[name].push(result);
    }
  }
  const figure = (name, member) => results[name].map((result) => result[member]);
  const row = (name) => [
    name,
    median(figure(name, "usPerCall")).toFixed(0),
    median(figure(name, "cpuUsPerCall")).toFixed(0),
    pairedRatio(figure("bankid-kit", "usPerCall"), figure(name, "usPerCall")).toFixed(2),
  ];
  printTable([`mutual TLS, ${inFlight} in flight`, "us/call", "CPU us/call", "bankid-kit's time beside it"], CONTESTANTS.map(row));
  return pairedRatio(figure("bankid-kit", "usPerCall"), figure("undici", "usPerCall"));
};

export const run = async (settings) => {
  const simulator = await startSimulator(["--scenario", "outstandingTransaction 1h, userCancel", "--max-orders", "4000000"]);
  const contestants = [];
  try {
    for (const name of CONTESTANTS) contestants.push(await startContestant(name, simulator));
    const [alone, together] = [await compare(contestants, IN_FLIGHT[0], settings), await compare(contestants, IN_FLIGHT[1], settings)];
    return [
      { what: "one call at a time: time beside undici", measured: alone, atMost: 0.95 },
      { what: "64 calls in flight: time beside undici", measured: together, atMost: 0.6 },
    ];
  } finally {
    contestants.forEach(({ stop }) => stop());
    await simulator.stop();
  }
};
