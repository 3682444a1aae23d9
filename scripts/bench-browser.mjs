// `npm run bench:browser [-- --rounds N]`: builds the wasm of pages, bundles it and what npm has for the same,
// and measures all in one run.

import { join } from "node:path";

import { ROOT, buildBrowser } from "./build.mjs";
import { run } from "./process.mjs";
import { STEPS } from "./set-up.mjs";

for (const step of ["npm", "wasm", "bindgen"]) await STEPS[step]();
const reason = await STEPS.chromium();
if (reason !== null) throw new Error(reason);
const measure = [process.execPath, [join(ROOT, "bench", "browser", "main.mjs"), ...process.argv.slice(2)]];
for (const [program, args] of [buildBrowser, measure]) {
  const { code } = await run(program, args, { cwd: ROOT, direct: true });
  process.exitCode = code;
  if (code !== 0) break;
}
