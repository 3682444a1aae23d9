// What the stages need beyond Rust and Node. Each step looks first, and does nothing when all is
// there; what it fetches is pinned and lies under node_modules/ or target/tools/. A step resolves
// to null, or to the reason why the stages that need it must be skipped; it throws when it failed.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { ROOT, STATIC, TOOLS } from "./build.mjs";
import { run } from "./process.mjs";

const CARGO_DENY = "0.20.2";

/** The same patch as the crate in Cargo.toml. */
const WASM_BINDGEN = "0.2.130";

/** Compiles for wasm, where time and chance are not at hand. */
export const WASM = "wasm32-unknown-unknown";

/** A target that has no std at all, so that nothing can pull it in unseen. */
export const BARE = "thumbv7em-none-eabi";

export const must = async (program, args, options) => {
  const { code } = await run(program, args, { cwd: ROOT, ...options });
  if (code !== 0) throw new Error(`\`${program} ${args.join(" ")}\` ended with ${code}`);
};

/** What a program prints; null if it is missing or fails. */
export const look = async (program, args) => {
  const { code, output } = await run(program, args, { cwd: ROOT, quiet: true });
  return code === 0 ? output.trim() : null;
};

/** Installs anew when `source` has changed since the last time, as `stamp` in the folder remembers. */
const fresh = async (source, folder, install) => {
  const now = createHash("sha256").update(readFileSync(source)).digest("hex");
  const stamp = join(folder, ".installed-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  await install();
  writeFileSync(stamp, now);
};

const npm = async () => {
  const folder = join(ROOT, "node_modules");
  await fresh(join(ROOT, "package-lock.json"), folder, () => must("npm", ["ci", "--no-audit", "--no-fund"]));
  return null;
};

const component = (name, program) => async () => {
  if ((await look(program, ["--version"])) === null) await must("rustup", ["component", "add", name]);
  return null;
};

export const rustTarget = (target) => async () => {
  const sysroot = await look("rustc", ["--print", "sysroot"]);
  if (sysroot === null) throw new Error("rustc is not on PATH: install Rust first, https://rustup.rs");
  if (existsSync(join(sysroot, "lib", "rustlib", target))) return null;
  await must("rustup", ["target", "add", target]);
  return null;
};

/** The program to call for cargo-deny: from PATH if it is the pinned version, else our own copy. */
export const cargoDeny = async () => {
  const ours = join(TOOLS, "bin", "cargo-deny");
  for (const program of ["cargo-deny", ours]) {
    if ((await look(program, ["--version"])) === `cargo-deny ${CARGO_DENY}`) return program;
  }
  return null;
};

const deny = async () => {
  if ((await cargoDeny()) !== null) return null;
  // Without its defaults and without optimisation it builds in a minute or two and runs in one second.
  const lean = ["--no-default-features", "--profile", "dev", "--config", "profile.dev.debug=false"];
  await must("cargo", ["install", "--locked", "--root", TOOLS, "--version", CARGO_DENY, ...lean, "cargo-deny"]);
  return null;
};

/** The program to call for wasm-bindgen: from PATH if it is the pinned version, else our own copy. */
export const wasmBindgen = async () => {
  const ours = join(TOOLS, "bin", "wasm-bindgen");
  for (const program of ["wasm-bindgen", ours]) {
    if ((await look(program, ["--version"])) === `wasm-bindgen ${WASM_BINDGEN}`) return program;
  }
  return null;
};

const bindgen = async () => {
  if ((await wasmBindgen()) !== null) return null;
  // Not `--locked`: that would insist on patches of crates which the program does not need for this.
  const lean = ["--no-default-features", "--bin", "wasm-bindgen", "--profile", "dev", "--config", "profile.dev.debug=false"];
  await must("cargo", ["install", "--root", TOOLS, "--version", WASM_BINDGEN, ...lean, "wasm-bindgen-cli"]);
  return null;
};

/** The Python that has the published client. */
export const PYTHON = join(TOOLS, "python", "bin", "python");

/** The Python that has schemathesis. */
export const SCHEMATHESIS = join(TOOLS, "schemathesis", "bin", "python");

/** Where cargo-zigbuild and zig are. */
export const ZIG = join(TOOLS, "zig", "bin");

/** A Python environment of exactly these packages, by hash. */
const venv = (name, requirements) => async () => {
  const folder = join(TOOLS, name);
  const there = (await look("python3", ["-c", "import ensurepip, venv"])) !== null && (await look("openssl", ["version"])) !== null;
  if (!there && !(await install("python3", "python3-venv", "openssl"))) {
    return "python3 with its venv module, and openssl, are needed";
  }
  await fresh(requirements, folder, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(TOOLS, { recursive: true });
    await must("python3", ["-m", "venv", folder]);
    const exact = ["--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input"];
    await must(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", ...exact, "--requirement", requirements]);
  });
  return null;
};

const curl = async () =>
  (await look("curl", ["--version"])) !== null || (await install("curl")) ? null : "curl is not installed";

/** Without it the tests that need it say so themselves. */
const redis = async () => {
  if ((await look("redis-server", ["--version"])) === null) await install("redis-server");
  return null;
};

/** What a static program is built with, and then run in an empty root folder, which only root may do. */
const musl = async () => {
  if (process.platform !== "linux" || process.getuid() !== 0) return "only root on Linux can try a program in an empty root folder";
  if ((await look("musl-gcc", ["--version"])) === null && !(await install("musl-tools"))) return "musl-gcc is not installed";
  return rustTarget(STATIC)();
};

const systemd = async () =>
  (await look("systemd-analyze", ["--version"])) !== null || (await install("systemd")) ? null : "systemd-analyze is not installed";

/** The examples of backends, each a package of its own. */
export const EXAMPLES = ["express", "fastify", "nextjs"].map((name) => join(ROOT, "examples", name));

const examples = async () => {
  const exact = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  await Promise.all(EXAMPLES.map((cwd) =>
    fresh(join(cwd, "package-lock.json"), join(cwd, "node_modules"), () => must("npm", exact, { cwd }))));
  return null;
};

/** Path of the Chromium to drive: CHROMIUM_PATH, or `chromium` on PATH; undefined if there is none. */
export const findChromium = () =>
  process.env.CHROMIUM_PATH || process.env.PATH.split(delimiter).map((folder) => join(folder, "chromium")).find(existsSync);

const chromium = async () =>
  findChromium() !== undefined || (await install("chromium")) ? null : "Chromium is not on PATH, nor named by CHROMIUM_PATH";

/** Root on Debian may help itself; anybody else is told what to install. The run level keeps services from being started. */
const install = async (...packages) => {
  if (process.getuid?.() !== 0 || (await look("apt-get", ["--version"])) === null) return false;
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  await must("apt-get", ["update", "--quiet=2"], { env });
  await must("apt-get", ["install", "--yes", "--no-install-recommends", "--quiet=2", ...packages], { env });
  return true;
};

export const STEPS = {
  npm,
  rustfmt: component("rustfmt", "cargo-fmt"),
  clippy: component("clippy", "cargo-clippy"),
  wasm: rustTarget(WASM),
  bare: rustTarget(BARE),
  deny,
  bindgen,
  curl,
  redis,
  python: venv("python", join(ROOT, "tests", "python", "requirements.txt")),
  schemathesis: venv("schemathesis", join(ROOT, "tests", "openapi", "requirements.txt")),
  zig: venv("zig", join(ROOT, "scripts", "cross-requirements.txt")),
  chromium,
  examples,
  musl,
  systemd,
};
