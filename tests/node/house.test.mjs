// Rules of CONTRIBUTING.md that a compiler does not check, over the files under version control.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../scripts/build.mjs";
import { run } from "../../scripts/process.mjs";

const MAX_LINES = 700;

/** Committed and about-to-be-committed sources, as `{ name, text }`. */
const sources = async () => {
  const { code, output } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, quiet: true });
  assert.equal(code, 0, output);
  const names = output.split("\0").filter((name) => /\.(rs|m?js|py)$/.test(name));
  assert.ok(names.length > 10, "the sources were found");
  return names.flatMap((name) => {
    try {
      return [{ name, text: readFileSync(join(ROOT, name), "utf8") }];
    } catch (error) {
      if (error.code === "ENOENT") return []; // deleted, not yet committed
      throw error;
    }
  });
};

/** Fails with the names of the files that break a rule. */
const none = async (rule, breaks) => {
  const broken = (await sources()).filter(breaks).map(({ name }) => name);
  assert.deepEqual(broken, [], rule);
};

const isTest = (name) => /(^|\/)tests?(\/|\.rs$)|_test\.rs$|\.test\.mjs$/.test(name);

test("no module is a drawer for what has no place", () =>
  none("name it by its duty", ({ name, text }) =>
    /(^|\/)(utils?|common|helpers?)(\/|\.\w+$)/.test(name) || /^\s*(pub(\(.*\))? )?mod (utils?|common|helpers?)\b/m.test(text)));

test("no file outgrows one duty", () =>
  none(`over ${MAX_LINES} lines: split it`, ({ text }) => text.split("\n").length > MAX_LINES));

// The macros of napi and wasm-bindgen make code that `forbid` refuses, so that the bindings have the workspace's `deny`, and
// the addon one file that is let off.
const BINDING = /^(browser|node)-binding\/src\//;
const UNSAFE = "node-binding/src/latin1.rs";

test("every library forbids unsafe code, and of the bindings one file has it", async () => {
  await none("add #![forbid(unsafe_code)]", ({ name, text }) =>
    /(^|\/)src\/lib\.rs$/.test(name) && !BINDING.test(name) && !text.includes("#![forbid(unsafe_code)]"));
  await none(`only ${UNSAFE} may`, ({ name, text }) =>
    BINDING.test(name) && name !== UNSAFE && /\bunsafe\b|unsafe_code/.test(text));
});

// The server's side and the client's.
const TLS = ["simulator/src/pki/tls.rs", "bankid-client/src/tls.rs"];

test("one file on each side names the cryptography of TLS", () =>
  none("take a finished configuration instead", ({ name, text }) =>
    !TLS.includes(name) && /\.rs$/.test(name) && !isTest(name) && !name.startsWith("bench/") &&
    /\bcrypto::(\{[^}]*)?\b(ring|aws_lc_rs)\b|install_default/.test(text)));

// Under tokio's paused clock a sleep is an event on the timeline, and takes no time.
const WAITS = /\bthread::sleep\b|\btime\.sleep\(|setTimeout\(resolve|Atomics\.wait|#\[ignore/;
const TURNED = /start_paused|time::pause\(/;

test("no test is switched off, and none waits by sleeping", () =>
  none("turn the clock, or wait for the event", ({ name, text }) =>
    isTest(name) && !name.endsWith("house.test.mjs") && (WAITS.test(text) || (/\btime::sleep\(/.test(text) && !TURNED.test(text)))));

test("what rewrites a golden file has golden in its name, so that `npm test` finds it", () =>
  none("name the test golden...", ({ name, text }) =>
    name.endsWith(".rs") && !name.endsWith("/golden.rs") && /"UPDATE_GOLDEN"|golden::check\(/.test(text) && !/fn \w*golden/.test(text)));
