// The npm package beside its peers: `node bench/node/main.mjs [PART...] [--rounds N] [--calls N]`. Prints tables, and a
// verdict for each target, as the Rust half does; asserts no times.

import { parseArgs } from "node:util";

import { run as client } from "./client.mjs";
import { run as load } from "./load.mjs";
import { run as qr } from "./qr.mjs";
import { printVerdicts } from "./report.mjs";

const PARTS = { qr, client, load };

const number = (values, name, least, most) => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`--${name} takes a whole number from ${least} to ${most}`);
  return value;
};

const main = async () => {
  const options = { rounds: { type: "string", default: "15" }, calls: { type: "string", default: "2000" } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.filter((name) => !(name in PARTS));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(", ")}; there are: ${Object.keys(PARTS).join(", ")}`);
  const settings = { rounds: number(values, "rounds", 1, 101), calls: number(values, "calls", 100, 1_000_000) };

  const verdicts = [];
  for (const name of positionals.length === 0 ? Object.keys(PARTS) : positionals) verdicts.push(...(await PARTS[name](settings)));
  printVerdicts(verdicts);
};

await main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
});
