// Programs started by the scripts: always by name and arguments, never through a shell.

import { spawn } from "node:child_process";
import { constants } from "node:os";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end. Resolves to `{ code, output, timedOut, interrupted }`: a program that
 * a signal ended has 128 + its number as code, as in a shell; one that cannot be started has 127.
 * `direct` gives it our own output, uncollected; `quiet` collects without showing.
 *
 * The program leads a process group of its own, so that a signal reaches it exactly once (from us)
 * and that at the time limit everything it started ends with it.
 */
export const run = (program, args, { env = {}, cwd, quiet = false, direct = false, limitMs } = {}) =>
  new Promise((resolve) => {
    const stdio = direct ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"];
    const child = spawn(program, args, { stdio, cwd, detached: true, env: { ...process.env, ...env } });
    const result = { code: 127, output: "", timedOut: false, interrupted: false };

    const signalGroup = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // It has just ended: its exit is on the way.
      }
    };
    const forward = (signal) => {
      result.interrupted = true;
      signalGroup(signal);
    };
    const limit = limitMs && setTimeout(() => {
      result.timedOut = true;
      signalGroup("SIGKILL");
    }, limitMs);
    const end = (code) => {
      clearTimeout(limit);
      for (const signal of FORWARDED) process.off(signal, forward);
      resolve({ ...result, code });
    };

    for (const signal of FORWARDED) process.on(signal, forward);
    for (const [stream, ours] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        result.output += text;
        if (!quiet) ours.write(text);
      });
    }
    child.on("error", (error) => {
      result.output += `${error.message}\n`;
      end(127);
    });
    child.on("close", (code, signal) => end(code ?? 128 + constants.signals[signal]));
  });

/** Runs npm; on Windows it is no program, so the one that runs us is asked for its script. */
export const npm = (args, options) => {
  const script = process.env.npm_execpath;
  return script ? run(process.execPath, [script, ...args], options) : run("npm", args, options);
};
