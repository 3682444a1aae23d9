// `npm run release [-- --publish]`: everything that a release takes, in its order, until one step fails: all tests, the
// addons of all platforms, the packages, a trial of them on this machine, and publishing, or saying what would be published.

import { ROOT, PACKAGES } from "./build.mjs";
import { run } from "./process.mjs";

const STEPS = [
  ["scripts/test.mjs"],
  ["scripts/cross.mjs"],
  ["scripts/pack.mjs"],
  ["scripts/test.mjs", "package"],
  ["scripts/publish.mjs", ...process.argv.slice(2)],
];

for (const [index, step] of STEPS.entries()) {
  const env = index === 3 ? { CI: "true", PACKAGES } : { CI: "true" };
  const { code } = await run(process.execPath, step, { cwd: ROOT, direct: true, env });
  process.exitCode = code;
  if (code !== 0) break;
}
