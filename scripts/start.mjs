// `npm start [-- ARGUMENTS]`: builds the simulator in release mode and runs it with the arguments.
// Signals go on to the simulator, and its exit code is ours.

import { SIMULATOR, buildSimulator } from "./build.mjs";
import { run } from "./process.mjs";

const build = await run(...buildSimulator, { direct: true });
if (build.code === 127) console.error("cargo is not on PATH: install Rust first, https://rustup.rs");
const { code } = build.code === 0 ? await run(SIMULATOR, process.argv.slice(2), { direct: true }) : build;
process.exitCode = code;
