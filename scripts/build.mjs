// What is built in release mode, and where it lies.

import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");

/** A folder for what the scripts fetch and install; it goes with `cargo clean`. */
export const TOOLS = join(TARGET, "tools");

/** Where `npm run build:cross` puts the addons of all platforms, and `npm run pack` the packages. */
export const ADDONS = join(TARGET, "addons");
export const PACKAGES = join(TARGET, "packages");

/** The simulator as users run it. */
export const SIMULATOR = join(TARGET, "release", process.platform === "win32" ? "bankid-simulator.exe" : "bankid-simulator");

/** The gateway as operators run it. */
export const GATEWAY = join(TARGET, "release", process.platform === "win32" ? "bankid-gateway.exe" : "bankid-gateway");

/** Program and arguments that build these. */
export const buildSimulator = ["cargo", ["build", "--release", "--locked", "--package", "simulator", "--bin", "bankid-simulator"]];
export const buildGateway = ["cargo", ["build", "--release", "--locked", "--package", "gateway", "--bin", "bankid-gateway"]];

const ARCH = { x64: "x86_64", arm64: "aarch64" }[process.arch];

/** The target whose programs ask for no library of the system that they run on. */
export const STATIC = `${ARCH}-unknown-linux-musl`;

/** The gateway as containers have it. */
export const STATIC_GATEWAY = join(TARGET, STATIC, "release", "bankid-gateway");

export const buildStaticGateway = [
  "cargo",
  ["build", "--release", "--locked", "--package", "gateway", "--bin", "bankid-gateway", "--target", STATIC],
  { [`CC_${STATIC.replaceAll("-", "_")}`]: "musl-gcc" },
];

/** Where the addon is put, and its declarations. */
export const NATIVE = join(ROOT, "js", "native");

/** What builds the addon for this machine, and writes the declarations of its exports. */
const napi = (...more) => [
  process.execPath,
  [
    join(ROOT, "node_modules", "@napi-rs", "cli", "dist", "cli.js"),
    "build", "--platform", "--no-js", "--manifest-path", "node-binding/Cargo.toml", "--package-json-path", "package.json",
    "--output-dir", "js/native", "--dts", "binding.d.ts", ...more, "--", "--locked",
  ],
];

/** What builds the wasm of pages, and its glue. */
export const buildBrowser = [process.execPath, [join(ROOT, "scripts", "build-browser.mjs")]];

export const buildAddon = napi("--profile", "addon");
export const buildAddonForDevelopment = napi();
