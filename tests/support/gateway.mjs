// The released gateway as a program, in front of a simulator, for pages of one origin.

import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { GATEWAY } from "../../scripts/build.mjs";

/** Starts it; resolves to its `url`, the `key` of its only caller, all that it has `logged()`, and `stop`. */
export const startGateway = async ({ simulator, origin }) => {
  const folder = mkdtempSync(join(tmpdir(), "bankid-kit-gateway-"));
  const key = randomBytes(32).toString("hex");
  const file = join(folder, "gateway.toml");
  writeFileSync(file, `
    environment = "simulator"
    url = "${new URL(simulator).origin}"
    port = 0
    [[keys]]
    name = "shop"
    sha256 = ["${createHash("sha256").update(key).digest("hex")}"]
    [pages]
    origins = ["${new URL(origin).origin}"]
    trustedProxies = ["127.0.0.1"]
  `);
  const child = spawn(GATEWAY, ["--config", file, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const ended = once(child, "exit");
  const early = ended.then(([code]) => {
    throw new Error(`the gateway ended with ${code} before it was ready: ${log}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), early]);
  early.catch(() => {}); // it ends one day
  const stop = async () => {
    child.kill("SIGTERM");
    const [code] = await ended;
    process.off("exit", kill);
    rmSync(folder, { recursive: true });
    if (code !== 0) throw new Error(`the gateway ended with ${code}: ${log}`);
  };
  return { url: JSON.parse(line).http, key, logged: () => log, stop };
};
