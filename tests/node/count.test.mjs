// The total of `npm test` is only as good as what it reads out of the suites.

import assert from "node:assert/strict";
import { test } from "node:test";

import { count } from "../../scripts/count.mjs";

const check = (output, passed, failed, skipped) => assert.deepEqual(count(output), { passed, failed, skipped });

test("cargo test: all binaries and doc tests are added up", () => {
  check(
    `running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s

   Doc-tests bankid_core
test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 1.02s
`,
    5, 1, 2,
  );
});

test("a Rust test that says it was skipped has not passed", () => {
  const end = "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0s\n";
  check(`SKIPPED: no genuine data\n${end}`, 3, 0, 1);
  check(`test genuine ... SKIPPED: no genuine data\nok\n${end}`, 3, 0, 1);
  check(`test says_SKIPPED_in_its_name ... ok\n${end}`, 4, 0, 0);
});

test("node --test: spec and TAP, coloured or not", () => {
  const words = ["tests 9", "suites 0", "pass 4", "fail 1", "cancelled 1", "skipped 2", "todo 1", "duration_ms 5"];
  check(words.map((word) => `# ${word}\n`).join(""), 4, 2, 3);
  check(words.map((word) => `\u001b[34m\u2139 ${word}\u001b[39m\n`).join(""), 4, 2, 3);
});

test("unittest: what ran less what failed or was skipped", () => {
  check("Ran 5 tests in 0.123s\n\nOK\n", 5, 0, 0);
  check("Ran 1 test in 10.123s\n\nOK (skipped=1)\n", 0, 0, 1);
  check("Ran 9 tests in 1.0s\n\nFAILED (failures=1, errors=2, skipped=3, expected failures=1)\n", 2, 3, 4);
  check("Ran 1 test in 0.1s\n\nFAILED (errors=2)\n", 0, 2, 0);
});

test("output without a report counts nothing", () => check("error: could not compile `bankid-core`\n", 0, 0, 0));
