// How many test cases a suite's output reports: cargo test, node --test (spec and TAP) and Python's
// unittest. A Rust test cannot report itself as skipped, so ours say it in a line of their own.

const ANSI = /\u001b\[[0-9;]*m/g;
const RUST = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm;
const RUST_SKIP = /(?:^|\.\.\. )SKIPPED[ :].*$/gm;
const NODE = /^(?:#|\u2139) (pass|fail|cancelled|skipped|todo) (\d+)$/gm;
const PYTHON = /^Ran (\d+) tests? in [\d.]+s\n+(?:OK|FAILED)(?: \(([^)]*)\))?$/gm;

const NODE_MEANS = { pass: "passed", fail: "failed", cancelled: "failed", skipped: "skipped", todo: "skipped" };

/** `{ passed, failed, skipped }` of everything found in the output. */
export const count = (output) => {
  const text = output.replaceAll(ANSI, "").replaceAll("\r\n", "\n");
  const total = { passed: 0, failed: 0, skipped: 0 };

  for (const [, passed, failed, ignored] of text.matchAll(RUST)) {
    total.passed += Number(passed);
    total.failed += Number(failed);
    total.skipped += Number(ignored);
  }
  const skips = [...text.matchAll(RUST_SKIP)].length;
  total.passed -= skips;
  total.skipped += skips;

  for (const [, word, number] of text.matchAll(NODE)) total[NODE_MEANS[word]] += Number(number);

  for (const [, ran, remarks = ""] of text.matchAll(PYTHON)) {
    const of = (word) => Number(new RegExp(`(?:^|, )${word}=(\\d+)`).exec(remarks)?.[1] ?? 0);
    const failed = of("failures") + of("errors") + of("unexpected successes");
    const skipped = of("skipped") + of("expected failures");
    // A class whose set-up fails is an error beyond the tests that ran.
    total.passed += Math.max(0, Number(ran) - failed - skipped);
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
};
