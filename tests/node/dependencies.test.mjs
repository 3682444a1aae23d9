// Who may import whom, over `cargo metadata`, dev-dependencies included. A new edge is a design
// change: it is made here and in ARCHITECTURE.md, in a commit of its own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ROOT } from "../../scripts/build.mjs";
import { run } from "../../scripts/process.mjs";

const MAY_IMPORT = {
  "bankid-client": ["bankid-core", "bankid-signature"],
  "bankid-core": [],
  "bankid-signature": ["bankid-core"],
  "browser-binding": ["bankid-core"],
  gateway: ["bankid-client", "bankid-core", "bankid-signature", "serve"],
  "node-binding": ["bankid-client", "bankid-core", "bankid-signature", "simulator"],
  serve: [],
  simulator: ["bankid-core", "serve"],
  bench: ["bankid-client", "bankid-core", "bankid-signature", "serve", "simulator"],
  tests: ["bankid-client", "bankid-core", "bankid-signature", "gateway", "serve", "simulator"],
};

// What bankid-core stands on, to the bottom, leaving out what runs at compile time only. Nothing
// here does I/O, reads a clock or draws random numbers; look before adding a name. (`libc` is how
// `cpufeatures` learns from an ARM kernel which instructions the processor has.)
const UNDER_CORE = [
  "base64", "block-buffer", "cfg-if", "cpufeatures", "crypto-common", "digest", "hybrid-array", "itoa", "libc", "memchr",
  "serde", "serde_core", "serde_json", "sha2", "subtle", "thiserror", "typenum", "zmij",
];

const cargo = async (...args) => {
  const { code, output } = await run("cargo", [...args, "--quiet", "--locked"], { cwd: ROOT, quiet: true });
  assert.equal(code, 0, output);
  return output;
};

const metadata = async () => JSON.parse(await cargo("metadata", "--no-deps", "--format-version", "1"));

test("parts import only what they may", async () => {
  const { packages } = await metadata();
  const names = packages.map((part) => part.name);
  assert.deepEqual(names.toSorted(), Object.keys(MAY_IMPORT).toSorted(), "the parts of the workspace");

  for (const part of packages) {
    const ours = part.dependencies.filter((dependency) => dependency.path != null).map((dependency) => dependency.name);
    const forbidden = ours.filter((name) => !MAY_IMPORT[part.name].includes(name));
    assert.deepEqual(forbidden, [], `${part.name} must not import these`);
  }
});

test("the addon leaves HTTP, TLS and sockets to the client and the simulator", async () => {
  const { packages } = await metadata();
  const { dependencies } = packages.find((part) => part.name === "node-binding");
  const names = dependencies.map((dependency) => dependency.name);
  assert.deepEqual(names.filter((name) => /^(hyper|rustls|tokio-rustls|http)/.test(name)), []);
  const tokio = dependencies.find((dependency) => dependency.name === "tokio")?.features ?? [];
  assert.ok(!tokio.includes("net") && !tokio.includes("full"), "tokio without net");
});

test("bankid-core stands on nothing that does I/O, reads a clock or draws random numbers", async () => {
  const tree = await cargo("tree", "--package", "bankid-core", "--edges", "normal,no-proc-macro", "--target", "all",
    "--all-features", "--prefix", "none", "--format", "{p}");
  const names = new Set(tree.split("\n").map((line) => line.split(" ")[0]).filter((name) => name !== "" && name !== "bankid-core"));
  assert.deepEqual([...names].toSorted(), UNDER_CORE);
});

test("versions stand in the workspace manifest only", async () => {
  const { packages } = await metadata();
  for (const part of packages) {
    assert.deepEqual([part.version, part.publish], ["0.0.0", []], `${part.name} is internal`);
  }
});
