// `npm run bench [-- ARGUMENTS]`: builds the simulator and the benchmarks in release mode and runs them.
// It needs Linux, whose /proc tells a server's processor time and memory from outside.

import { join } from "node:path";

import { ROOT, SIMULATOR, buildSimulator } from "./build.mjs";
import { run } from "./process.mjs";
import { STEPS } from "./set-up.mjs";

// Two builds: in one, the simulator would get the features that only the benchmarks need.
const buildBench = ["cargo", ["build", "--release", "--locked", "--package", "bench", "--bin", "bench"]];
const build = async () => {
  for (const [program, args] of [buildSimulator, buildBench]) {
    const { code } = await run(program, args, { cwd: ROOT, direct: true });
    if (code !== 0) return code;
  }
  await STEPS.npm();
  return 0;
};

const bench = join(SIMULATOR, "..", "bench");
const failed = await build();
process.exitCode = failed || (await run(bench, process.argv.slice(2), { direct: true })).code;
