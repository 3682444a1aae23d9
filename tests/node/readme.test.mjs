// What README.md tells a new user to type, typed: only ports and folders are changed.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT, SIMULATOR } from "../../scripts/build.mjs";
import { run } from "../../scripts/process.mjs";
import { simulatorFor } from "../support/simulator.mjs";

/** The shell block of the README that contains `text`. */
const block = (text) => {
  const blocks = readFileSync(join(ROOT, "README.md"), "utf8").matchAll(/^```sh\n(.*?)^```$/gms);
  const found = [...blocks].map(([, script]) => script).filter((script) => script.includes(text));
  assert.equal(found.length, 1, `blocks with ${text}`);
  return found[0];
};

const shell = async (script, { http, https }, cwd) => {
  const here = script
    .replaceAll("http://127.0.0.1:8010", http ?? "")
    .replaceAll("https://localhost:8011", (https ?? "").replace("127.0.0.1", "localhost"))
    .replaceAll("target/release/bankid-simulator", SIMULATOR);
  const { code, output } = await run("sh", ["-euc", here], { cwd, quiet: true });
  assert.equal(code, 0, output);
  return output.trim().split("\n");
};

const again = (times) => block("post auth").split("\n").findLast((line) => line.startsWith("post collect")).concat("\n").repeat(times);

test("a login by curl takes four collects", async (t) => {
  const simulator = await simulatorFor(t);
  const answers = await shell(block("post auth") + again(4), simulator);
  const states = answers.map((answer) => JSON.parse(answer)).map(({ status, hintCode, details }) => details ?? hintCode ?? status);
  assert.deepEqual(states, ["outstandingTransaction", "started", "userSign", "complete", "No such order"]);
  assert.match(answers[3], /"name":"Tolvan Tolvansson"/);
});

test("a failing scenario is chosen for the next order", async (t) => {
  const simulator = await simulatorFor(t);
  await shell(block("/_simulator/v1/lanes/default/queue"), simulator);
  const answers = await shell(block("post auth") + again(3), simulator);
  assert.ok(answers.some((answer) => answer.endsWith('"status":"failed","hintCode":"certificateErr"}')), answers.join("\n"));
});

test("both scenarios of the command line are taken", async (t) => {
  const scenarios = [...block("--scenario userCancel").matchAll(/--scenario '?([^'\n]+)/g)].map(([, scenario]) => scenario);
  assert.equal(scenarios.length, 2);
  for (const scenario of scenarios) await simulatorFor(t, ["--scenario", scenario]);
});

test("certificates are written, and used by curl", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bankid-kit-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [, write, start] = block("--certs certs").split("\n");
  await shell(write, {}, folder);
  assert.equal(start, "npm start -- --certs certs");
  const simulator = await simulatorFor(t, ["--certs", join(folder, "certs")]);
  const [order] = await shell(block("curl --cacert").replace("curl ", "curl --silent "), simulator, folder);
  assert.match(order, /^\{"orderRef":"/);
});
