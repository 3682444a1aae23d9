// `npx bankid-kit ...`, typed as a user types it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../../scripts/build.mjs";
import { run } from "../../../scripts/process.mjs";
import { simulatorFor, startSimulator } from "../../support/simulator.mjs";

const { bin, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const PROGRAM = [process.execPath, join(ROOT, bin["bankid-kit"])];
const SIMULATOR = [...PROGRAM, "simulator"];

const type = (...args) => run(PROGRAM[0], [...PROGRAM.slice(1), ...args], { quiet: true });

test("help and version are answers, anything unknown is refused with the nearest name", async () => {
  for (const help of ["--help", "-h", "help"]) {
    const { code, output } = await type(help);
    assert.equal(code, 0);
    assert.match(output, /^Usage: bankid-kit <COMMAND>.*\n  simulator  /s);
  }
  assert.deepEqual(await type("--version"), { code: 0, output: `${version}\n`, timedOut: false, interrupted: false });
  assert.equal((await type()).code, 2);
  const { code, output } = await type("simulatr", "--help");
  assert.deepEqual([code, output], [2, "bankid-kit: there is no command `simulatr`; did you mean `simulator`?\n"]);
  assert.match((await type("toString")).output, /there is no command `toString`; `bankid-kit --help` lists/);
});

test("the simulator's own commands and refusals are the program's, exit codes included", async () => {
  const help = await type("simulator", "--help");
  assert.equal(help.code, 0);
  assert.match(help.output, /Usage: bankid-kit simulator \[OPTIONS\]/);
  const refused = await type("simulator", "--scenario", "userCancle");
  assert.equal(refused.code, 2);
  assert.match(refused.output, /did you mean `userCancel`/);
  const schema = await type("simulator", "schema");
  assert.equal(schema.output, readFileSync(join(ROOT, "simulator", "config.schema.json"), "utf8"));
  assert.equal((await type("simulator", "healthcheck", "--port", "1")).code, 1);
});

test("it runs, answers, and drains when told to stop", async (t) => {
  const { http, ca, rp } = await simulatorFor(t, ["--scenario", "userCancel"], SIMULATOR);
  const post = async (path, body) => {
    const headers = { "Content-Type": "application/json" };
    return (await fetch(`${http}/rp/v6.0/${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  const { orderRef } = await post("auth", { endUserIp: "203.0.113.25" });
  assert.match(readFileSync(ca, "utf8"), /BEGIN CERTIFICATE/);
  assert.ok(readFileSync(rp.pfx).length > 1000);
  while ((await post("collect", { orderRef })).status === "pending");
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`${signal} drains, and a second signal does not wait`, { skip: process.platform === "win32" && "signals of Unix" }, async () => {
    const child = spawn(SIMULATOR[0], [...SIMULATOR.slice(1), "--json", "--port", "0", "--no-tls"], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(child.stdout, "data");
    const { hostname, port } = new URL(JSON.parse(line).http);
    // A request whose body is still on its way is one that is waited for.
    const socket = connect(Number(port), hostname).on("error", () => {});
    await once(socket, "connect");
    socket.write("POST /rp/v6.0/auth HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
    await once(socket, "data");
    const ended = once(child, "exit");
    child.kill(signal);
    // It is draining when it takes no new connections.
    for (let refused = false; !refused; ) {
      const attempt = connect(Number(port), hostname);
      refused = await Promise.race([once(attempt, "connect").then(() => false), once(attempt, "error").then(() => true)]).catch(() => true);
      attempt.destroy();
    }
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [130, null]);
    socket.destroy();
  });
}

test("a simulator that cannot be reached any more has ended", async () => {
  const simulator = await startSimulator(["--no-tls"], SIMULATOR);
  await simulator.stop();
  await assert.rejects(fetch(`${simulator.http}/rp/v6.0/auth`));
});
