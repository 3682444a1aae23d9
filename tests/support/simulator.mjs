// The released simulator, and other programs that say in JSON when they are ready, for tests: stopped by their process id.

import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import { createInterface } from "node:readline";

import { SIMULATOR } from "../../scripts/build.mjs";

/** A program that neither reports itself nor ends within this time is broken; it takes milliseconds. */
const LIMIT_MS = 20_000;

/**
 * Starts the simulator on free ports and resolves to what it says of itself with `--json` (`http`, `https`, `control`, `ca`,
 * `rp`) and `stop`. `program` is for tests of what wraps the binary.
 */
export const startSimulator = (args = [], [program, ...before] = [SIMULATOR]) => {
  const plain = args.includes("--no-plain") ? [] : ["--port", "0"];
  const tls = args.includes("--no-tls") ? [] : ["--tls-port", "0"];
  return startProgram(program, [...before, "--json", ...plain, ...tls, ...args]);
};

/**
 * Starts a program and resolves to the line of JSON that it prints when it is ready, with `pid`, and `stop`, which tells it
 * to drain and fails unless it ends with 0.
 */
export const startProgram = async (program, args) => {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: error.message, signal: null }));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const end = await within(ended, kill);
    // What a killed wrapper leaves behind may hold the other ends.
    child.stdout.destroy();
    child.stderr.destroy();
    process.off("exit", kill);
    assert.deepEqual(end, { code: 0, signal: null }, `${program} did not end well: ${errors}`);
  };

  const line = new Promise((resolve) => createInterface(child.stdout).once("line", resolve));
  const early = ended.then(({ code, signal }) => {
    throw new Error(`${program} ended with ${code ?? signal} before it was ready: ${errors}`);
  });
  const ready = JSON.parse(await within(Promise.race([line, early]), kill));
  return { ...ready, pid: child.pid, stop };
};

/** Starts a simulator that stops with the test `t`. */
export const simulatorFor = async (t, ...how) => {
  const simulator = await startSimulator(...how);
  t.after(simulator.stop);
  return simulator;
};

const within = async (promise, giveUp) => {
  const limit = setTimeout(giveUp, LIMIT_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
  }
};
