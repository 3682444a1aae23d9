// `npm test [-- STAGE...]`: everything that must hold, or some of it. Prints each stage as it runs,
// then a table with the minutes of each, then `N passed, N failed, N skipped` alone on a line.
// Exit code 0: all held; 1: something did not; 2: no such stage; 130 and the like: interrupted.
// With CI=true nothing may be skipped.

import { parseArgs } from "node:util";

import { ROOT } from "./build.mjs";
import { count } from "./count.mjs";
import { run } from "./process.mjs";
import { STEPS } from "./set-up.mjs";
import { STAGES } from "./stages.mjs";

// No stage takes a quarter of this; one that does hangs, and must not take the report with it.
const LIMIT_MINUTES = 25;

const CI = process.env.CI === "true";

/** The stages asked for and those they build on, in their order. */
const choose = (names) => {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    console.error(`no such stage: ${unknown.join(", ")}; there are: ${STAGES.map((stage) => stage.name).join(", ")}`);
    process.exit(2);
  }
  const wanted = new Set(names.length === 0 ? STAGES.map((stage) => stage.name) : names);
  for (const stage of [...STAGES].reverse()) {
    if (wanted.has(stage.name)) for (const earlier of stage.after ?? []) wanted.add(earlier);
  }
  return STAGES.filter((stage) => wanted.has(stage.name));
};

const heading = (text) => console.log(`\n=== ${text} ===`);

/** Installs what the stages need; resolves to the steps that could not be taken, each with its reason. */
const setUp = async (stages) => {
  const missing = new Map();
  for (const name of new Set(stages.flatMap((stage) => stage.needs ?? []))) {
    const reason = await STEPS[name]();
    if (reason !== null) missing.set(name, reason);
  }
  return missing;
};

/** Runs one stage; resolves to its row of the table. */
const runStage = async (stage, done, missing) => {
  const row = { name: stage.name, shows: stage.shows, passed: 0, failed: 0, skipped: 0, faults: [] };
  const needed = (stage.needs ?? []).filter((step) => missing.has(step));
  const broken = (stage.after ?? []).filter((name) => done.some((other) => other.name === name && other.faults.length > 0));
  if (broken.length > 0) row.faults.push(`not run: ${broken.join(", ")} failed`);
  if (needed.length > 0) {
    row.skipped += 1;
    row.faults.push(...(CI ? ["skipped, which CI does not allow"] : []));
    console.log(`SKIPPED: ${needed.map((step) => missing.get(step)).join("; ")}`);
  }
  if (broken.length > 0 || needed.length > 0) return row;

  const work = async () => {
    for (const [program, args, env] of await stage.commands()) {
      const result = await run(program, args, { cwd: ROOT, env, limitMs: LIMIT_MINUTES * 60_000 });
      row.interrupted ||= result.interrupted;
      if (result.timedOut) row.faults.push(`took more than ${LIMIT_MINUTES} minutes`);
      else if (result.code !== 0) row.faults.push(`${program} ended with ${result.code}`);
      if (stage.counts) {
        const found = count(result.output);
        if (found.passed + found.failed === 0) row.faults.push(`${program} reported no test`);
        for (const kind of ["passed", "failed", "skipped"]) row[kind] += found[kind];
      }
      if (row.interrupted) return;
    }
  };
  const fault = stage.around ? await stage.around(work) : await work();
  if (fault) row.faults.push(fault);
  if (CI && row.skipped > 0) row.faults.push(`${row.skipped} skipped, which CI does not allow`);
  return row;
};

const timed = async (work) => {
  const start = performance.now();
  const row = await work();
  return { ...row, minutes: (performance.now() - start) / 60_000 };
};

const table = (rows) => {
  const cells = rows.map((row) => [
    row.faults.length > 0 ? "FAILED" : row.skipped > 0 ? "skipped" : "ok",
    row.name,
    row.minutes.toFixed(1),
    row.passed + row.failed + row.skipped > 0 ? `${row.passed} passed, ${row.failed} failed, ${row.skipped} skipped` : row.shows,
  ]);
  const all = [["", "stage", "minutes", ""], ...cells, ["", "all", rows.reduce((sum, row) => sum + row.minutes, 0).toFixed(1), ""]];
  const width = (column) => Math.max(...all.map((line) => line[column].length));
  return all.map(([state, name, minutes, remark]) =>
    `${state.padEnd(width(0))}  ${name.padEnd(width(1))}  ${minutes.padStart(width(2))}  ${remark}`.trimEnd());
};

const main = async () => {
  const stages = choose(parseArgs({ allowPositionals: true }).positionals);
  // Only a person at the tree decides to rewrite golden files.
  if (CI) delete process.env.UPDATE_GOLDEN;

  const rows = [];
  let missing = new Map();
  heading("set-up: what Rust and Node do not bring");
  rows.push(await timed(async () => {
    const row = { name: "set-up", shows: "tools, targets, packages", passed: 0, failed: 0, skipped: 0, faults: [] };
    try {
      missing = await setUp(stages);
    } catch (error) {
      row.faults.push(error.message);
      console.error(error.message);
    }
    return row;
  }));

  for (const stage of rows[0].faults.length > 0 ? [] : stages) {
    heading(`${stage.name}: ${stage.shows}`);
    const row = await timed(() => runStage(stage, rows, missing));
    rows.push(row);
    if (row.interrupted) break;
  }

  heading("total");
  console.log(table(rows).join("\n"));
  const faults = rows.flatMap((row) => row.faults.map((fault) => `${row.name}: ${fault}`));
  if (faults.length > 0) console.log(`\n${faults.join("\n")}`);
  const sum = (kind) => rows.reduce((total, row) => total + row[kind], 0);
  // A stage that failed without a failing case (lints, a crash) counts as one.
  const caseless = rows.filter((row) => row.faults.length > 0 && row.failed === 0).length;
  console.log(`\n${sum("passed")} passed, ${sum("failed") + caseless} failed, ${sum("skipped")} skipped`);
  if (faults.length > 0) process.exitCode = 1;
  if (rows.some((row) => row.interrupted)) process.exitCode = 130;
};

await main();
