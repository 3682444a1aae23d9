// QR codes in pages, beside libraries from npm: what is loaded, how long a text takes to become a picture, in Node and in
// Chromium, and when the first code is on screen. `node bench/browser/main.mjs [--rounds N]`.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { parseArgs } from "node:util";

import { median, pairedRatio, printTable, printVerdicts } from "../node/report.mjs";
import { bundled, sizes } from "./bundle.mjs";
import { CONTESTANTS, OURS, WEB_CRYPTO } from "./contestants.mjs";
import { measure } from "./measure.js";
import { inChromium } from "./page.mjs";

/** The texts of an order's half minute. */
const TEXTS = Array.from({ length: 30 }, (_, second) => {
  const code = createHmac("sha256", "d28db9a7-4cde-429e-a983-359be676944c").update(String(second)).digest("hex");
  return `bankid.67df3917-fa0d-44e5-b327-edcc928297f8.${second}.${code}`;
});

const NAMES = Object.keys(CONTESTANTS);
const THEIRS = NAMES.filter((name) => name !== OURS);

const ALL = {
  [`${OURS}: all of draw`]: 'export * from "./js/browser/draw.js";',
  [`${OURS}: all of draw-hmac`]: 'export * from "./js/browser/draw-hmac.js";',
  [`${OURS}/browser: elements, links, messages, draw`]: 'export * from "./js/browser/index.js";',
};

const load = async (bundle) => {
  const module = await import(`data:text/javascript;base64,${bundle.toString("base64")}`);
  await module.load?.();
  return module.draw;
};

/** Milliseconds that this process has had of the processors: what else the machine does disturbs this least. */
const processorMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const printSizes = async (bundles) => {
  const row = (name, bytes, withText) => {
    const { minified, gzip, brotli } = sizes(bytes);
    return [name, ...[minified, gzip, brotli].map(String), withText === undefined ? "" : String(sizes(withText).gzip)];
  };
  const rows = [];
  for (const name of NAMES) {
    const { source, withText } = CONTESTANTS[name];
    rows.push(row(name, bundles[name], await bundled(withText ?? source + WEB_CRYPTO)));
  }
  const whole = {};
  for (const [name, source] of Object.entries(ALL)) {
    whole[name] = await bundled(source);
    rows.push(row(name, whole[name]));
  }
  printTable(["bytes loaded to draw", "minified", "gzip", "brotli", "gzip, with HMAC"], rows);
  const [draw, hmac] = Object.values(whole);
  return [
    { what: "draw, wasm and glue, kB by gzip", measured: sizes(draw).gzip / 1000, atMost: 3.5 },
    { what: "draw-hmac, wasm and glue, kB by gzip", measured: sizes(hmac).gzip / 1000, atMost: 5 },
  ];
};

const printTimes = (where, times) => {
  const rows = NAMES.map((name) => [name, median(times[name]).toFixed(1), pairedRatio(times[name], times[OURS]).toFixed(1)]);
  printTable([`text to path, ${where}`, "us", "times ours"], rows);
};

/** Of the library that is quickest. */
const besideFastest = (times) => {
  const fastest = THEIRS.reduce((best, name) => (median(times[name]) < median(times[best]) ? name : best));
  return { fastest, ratio: pairedRatio(times[OURS], times[fastest]) };
};

const main = async () => {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "15" } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 101) throw new Error("--rounds takes a whole number from 1 to 101");

  const bundles = {};
  for (const name of NAMES) bundles[name] = await bundled(CONTESTANTS[name].source);
  const verdicts = await printSizes(bundles);

  const draws = {};
  for (const name of NAMES) draws[name] = await load(bundles[name]);
  const inNode = measure(draws, TEXTS, rounds, processorMs);
  printTimes(`processor time in Node ${process.versions.node}`, inNode);
  const { fastest, ratio } = besideFastest(inNode);

  const chromium = await inChromium({ bundles, texts: TEXTS, rounds, app: await bundled('import "./js/browser/index.js";') });
  for (const name of NAMES) assert.equal(chromium.read[name], TEXTS[0], `${name} draws what it is given`);
  printTimes(`Chromium ${chromium.version}`, chromium.times);
  const inPage = besideFastest(chromium.times);

  printVerdicts([
    ...verdicts,
    { what: "text to path in Node, us of processor time", measured: median(inNode[OURS]), atMost: 15 },
    { what: `text to path in Node, beside ${fastest}`, measured: ratio, atMost: 0.25 },
    { what: `text to path in Chromium, beside ${inPage.fastest}`, measured: inPage.ratio, atMost: 0.25 },
    { what: "module arrived to first code on screen, ms", measured: median(chromium.firstCodeMs), atMost: 50 },
  ]);
};

await main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
});
