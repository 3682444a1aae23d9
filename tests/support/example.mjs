// An example of a backend as its own process, on a free port of loopback.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { ROOT } from "../../scripts/build.mjs";

/** One that neither says where it listens nor ends within this time is broken. */
const LIMIT_MS = 60_000;

/** How each is started, as its `npm start` does. */
const PROGRAMS = {
  express: ["server.js"],
  fastify: ["server.js"],
  nextjs: [join("node_modules", "next", "dist", "bin", "next"), "start", "--hostname", "127.0.0.1"],
};

/** Starts an example; resolves to its `url`, all that it has `printed()` so far, and `stop`. */
export const startExample = async (name, env) => {
  const quiet = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const child = spawn(process.execPath, PROGRAMS[name], {
    cwd: join(ROOT, "examples", name),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...quiet, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    process.off("exit", kill);
  };

  const ready = new Promise((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      const [url] = /http:\/\/[\w.]+:\d+/.exec(line) ?? [];
      if (url) resolve(url);
    });
  });
  const early = ended.then(([code, signal]) => {
    throw new Error(`${name} ended with ${code ?? signal} before it was ready: ${printed}`);
  });
  const limit = setTimeout(kill, LIMIT_MS);
  try {
    return { url: await Promise.race([ready, early]), printed: () => printed, stop };
  } finally {
    clearTimeout(limit);
    early.catch(() => {}); // it ends one day
  }
};
