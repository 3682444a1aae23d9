// How long a process takes to import the package, each time a new process; and how large its addon is.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { NATIVE, ROOT } from "../../scripts/build.mjs";
import { run as start } from "../../scripts/process.mjs";

import { median, printTable } from "./report.mjs";

const PACKAGES = ["bankid-kit", "undici", "bankid"];

const importMs = async (name) => {
  const script = `const start = performance.now(); await import("${name}"); console.log(performance.now() - start);`;
  const { code, output } = await start(process.execPath, ["--input-type=module", "--eval", script], { cwd: ROOT, quiet: true });
  if (code !== 0) throw new Error(`importing ${name} failed: ${output}`);
  return Number(output);
};

export const run = async ({ rounds }) => {
  const times = Object.fromEntries(PACKAGES.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) for (const name of PACKAGES) times[name].push(await importMs(name));
  printTable(["import in a new process", "ms"], PACKAGES.map((name) => [name, median(times[name]).toFixed(1)]));
  const [addon] = readdirSync(NATIVE).filter((file) => file.endsWith(".node"));
  printTable(["size", "bytes"], [[addon, String(statSync(join(NATIVE, addon)).size)]]);
  return [{ what: "import of bankid-kit, ms", measured: median(times["bankid-kit"]), atMost: 20 }];
};
