// `npm run bench [-- ARGUMENTS]`: builds the simulator and the benchmarks in release mode and runs them: the Rust half, and
// with `node` as first argument, or without arguments, the half about the npm package.
// It needs Linux, whose /proc tells a server's processor time and memory from outside.

import { join } from "node:path";

import { ROOT, SIMULATOR, buildAddon, buildSimulator } from "./build.mjs";
import { run } from "./process.mjs";
import { STEPS } from "./set-up.mjs";

// Two builds: in one, the simulator would get the features that only the benchmarks need.
const buildBench = ["cargo", ["build", "--release", "--locked", "--package", "bench", "--bin", "bench"]];

const RUST = { builds: [buildSimulator, buildBench], program: join(SIMULATOR, "..", "bench"), before: [] };
const NODE = { builds: [buildSimulator, buildAddon], program: process.execPath, before: [join(ROOT, "bench", "node", "main.mjs")] };

const measure = async ({ builds, program, before }, args) => {
  for (const [builder, how] of builds) {
    const { code } = await run(builder, how, { cwd: ROOT, direct: true });
    if (code !== 0) return code;
  }
  return (await run(program, [...before, ...args], { direct: true })).code;
};

await STEPS.npm();
const [first, ...more] = process.argv.slice(2);
if (first === "node") process.exitCode = await measure(NODE, more);
else process.exitCode = (await measure(RUST, process.argv.slice(2))) || (first === undefined ? await measure(NODE, []) : 0);
