// The gateway as operators run it: as one static file, as nobody, where nothing else is; and under systemd.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT, STATIC_GATEWAY } from "../../../scripts/build.mjs";
import { run } from "../../../scripts/process.mjs";
import { simulatorFor, startProgram } from "../../support/simulator.mjs";

const UNIT = join(ROOT, "deploy", "bankid-gateway.service");
const KEY = "the key of the shop";

/** Nobody, on every Linux. */
const NOBODY = 65_534;

const configuration = (simulator) => `
environment = "simulator"
url = "${simulator.https}"
ca = "ca.pem"
rpCertificate = "rp.pem"
rpKey = "rp.key"
[[keys]]
name = "shop"
sha256 = ["${createHash("sha256").update(KEY).digest("hex")}"]
`;

const folderFor = (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bankid-gateway-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test("the static gateway serves as nobody in a root folder that has nothing else", async (t) => {
  const simulator = await simulatorFor(t, ["--no-plain", "--control-listen", "127.0.0.1:0"]);
  const root = folderFor(t);
  const settings = join(root, "etc", "bankid-gateway");
  mkdirSync(settings, { recursive: true });
  copyFileSync(STATIC_GATEWAY, join(root, "bankid-gateway"));
  copyFileSync(simulator.ca, join(settings, "ca.pem"));
  copyFileSync(simulator.rp.certificate, join(settings, "rp.pem"));
  copyFileSync(simulator.rp.key, join(settings, "rp.key"));
  chmodSync(join(settings, "rp.key"), 0o644);
  writeFileSync(join(settings, "gateway.toml"), configuration(simulator));
  chmodSync(root, 0o555);

  const inside = ["/bankid-gateway", "--config", "/etc/bankid-gateway/gateway.toml", "--port", "0", "--json"];
  const gateway = await startProgram("chroot", [`--userspec=${NOBODY}:${NOBODY}`, root, ...inside]);
  t.after(gateway.stop);
  const status = readFileSync(`/proc/${gateway.pid}/status`, "utf8");
  assert.match(status, new RegExp(`^Uid:\\t${NOBODY}\\t${NOBODY}\\t`, "m"));

  const answer = await fetch(`${gateway.http}/auth`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "x-api-key": KEY },
    body: JSON.stringify({ endUserIp: "203.0.113.25" }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  const { data } = await answer.json();
  assert.equal(data.type, "bankIdAuth");
  assert.deepEqual(readdirSync(root).sort(), ["bankid-gateway", "etc"], "nothing was written");
});

test("systemd finds no fault in the unit, and little that it could do to the system", async (t) => {
  const folder = folderFor(t);
  const unit = join(folder, "bankid-gateway.service");
  // systemd looks whether the program is there.
  writeFileSync(unit, readFileSync(UNIT, "utf8").replace("/usr/local/bin/bankid-gateway", STATIC_GATEWAY));
  for (const args of [["verify"], ["security", "--offline=true", "--threshold=15"]]) {
    const { code, output } = await run("systemd-analyze", ["--no-pager", ...args, unit], { quiet: true });
    assert.equal(code, 0, output);
    if (args[0] === "verify") assert.equal(output, "");
  }
});
