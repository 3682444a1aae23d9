// What Node's own TLS does with authorities inside a PKCS#12 file, which is why the client has a reader
// of its own: `bankid-client/tests/client/tls.rs` shows that ours does not.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";

import { run } from "../../scripts/process.mjs";
import { simulatorFor } from "../support/simulator.mjs";

const PASSPHRASE = "qwerty123";

let openssl = false;
before(async () => {
  openssl = (await run("openssl", ["version"], { quiet: true })).code === 0;
});

/** A file with the relying party's certificate, and these authorities beside it. */
const pkcs12 = async (t, { rp }, ...authorities) => {
  const folder = mkdtempSync(join(tmpdir(), "bankid-pfx-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "rp.p12");
  const inside = authorities.flatMap((authority) => ["-certfile", authority]);
  const { code, output } = await run(
    "openssl",
    ["pkcs12", "-export", "-in", rp.certificate, "-inkey", rp.key, ...inside, "-out", file, "-passout", `pass:${PASSPHRASE}`],
    { quiet: true },
  );
  assert.equal(code, 0, output);
  return readFileSync(file);
};

/** The status of a call whose only settings are the file and its passphrase; no authority is named. */
const call = ({ https }, pfx) =>
  new Promise((resolve, reject) => {
    const asked = request(`${https}/rp/v6.0/auth`, { method: "GET", pfx, passphrase: PASSPHRASE, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on("error", reject).end();
  });

test("Node trusts servers by authorities inside the file", async (t) => {
  if (!openssl) return t.skip("openssl is needed");
  const simulator = await simulatorFor(t);
  await assert.rejects(call(simulator, await pkcs12(t, simulator)), { code: /UNABLE_TO|SELF_SIGNED/ });
  // The same call, and nobody said that this authority is to be trusted.
  assert.equal(await call(simulator, await pkcs12(t, simulator, simulator.ca)), 405);
});
