// What is built in release mode, and where it lies.

import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");

/** A folder for what the scripts fetch and install; it goes with `cargo clean`. */
export const TOOLS = join(target, "tools");

/** The simulator as users run it. */
export const SIMULATOR = join(target, "release", process.platform === "win32" ? "bankid-simulator.exe" : "bankid-simulator");

/** Program and arguments that build it. */
export const buildSimulator = ["cargo", ["build", "--release", "--locked", "--package", "simulator", "--bin", "bankid-simulator"]];
