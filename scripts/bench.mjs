// `npm run bench [-- ARGUMENTS]`: builds the simulator and the benchmarks in release mode and runs them.
// It needs Linux, whose /proc tells a server's processor time and memory from outside.

import { join } from "node:path";

import { ROOT, SIMULATOR, buildSimulator } from "./build.mjs";
import { run } from "./process.mjs";
import { STEPS } from "./set-up.mjs";

const [cargo, args] = buildSimulator;
const build = await run(cargo, [...args, "--package", "bench", "--bin", "bench"], { cwd: ROOT, direct: true });
await STEPS.npm();
const bench = join(SIMULATOR, "..", "bench");
const { code } = build.code === 0 ? await run(bench, process.argv.slice(2), { direct: true }) : build;
process.exitCode = code;
