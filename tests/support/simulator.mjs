// The released simulator as a program, for tests: started on free ports, stopped by its process id.

import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import { createInterface } from "node:readline";

import { SIMULATOR } from "../../scripts/build.mjs";

/** A simulator that neither reports itself nor ends within this time is broken; it takes milliseconds. */
const LIMIT_MS = 20_000;

/**
 * Starts the simulator for one test, or one suite, and resolves to what it says of itself with
 * `--json`: `http`, `https`, `control`, `ca`, `rp`. When the test ends it is told to stop, and the
 * test fails unless it drains and exits with 0. `program` is for tests of what wraps the binary.
 */
export const startSimulator = async (t, args = [], [program, ...before] = [SIMULATOR]) => {
  const plain = args.includes("--no-plain") ? [] : ["--port", "0"];
  const tls = args.includes("--no-tls") ? [] : ["--tls-port", "0"];
  const all = [...before, "--json", ...plain, ...tls, ...args];
  const child = spawn(program, all, { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  t.after(async () => {
    child.kill("SIGTERM");
    const end = await within(ended, () => child.kill("SIGKILL"));
    assert.deepEqual(end, { code: 0, signal: null }, `the simulator did not end well: ${errors}`);
  });

  const line = new Promise((resolve) => createInterface(child.stdout).once("line", resolve));
  const early = ended.then(({ code, signal }) => {
    throw new Error(`the simulator ended with ${code ?? signal} before it was ready: ${errors}`);
  });
  return JSON.parse(await within(Promise.race([line, early]), () => child.kill("SIGKILL")));
};

const within = async (promise, giveUp) => {
  const limit = setTimeout(giveUp, LIMIT_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
  }
};
