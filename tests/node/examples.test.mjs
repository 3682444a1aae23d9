// What makes an example fit to be copied.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../scripts/build.mjs";
import { EXAMPLES } from "../../scripts/set-up.mjs";

const FOLDER = join(ROOT, "examples");
const manifest = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const { engines } = manifest(ROOT);

test("all of them are installed", () => {
  const packages = readdirSync(FOLDER).map((name) => join(FOLDER, name)).filter((folder) => existsSync(join(folder, "package.json")));
  assert.deepEqual(packages, EXAMPLES.toSorted());
});

for (const folder of EXAMPLES) {
  const { name, ...facts } = manifest(folder);

  test(`${name} is private, with exact versions and a lock file`, () => {
    assert.equal(facts.private, true);
    for (const [dependency, version] of Object.entries(facts.dependencies)) {
      assert.match(version, dependency === "bankid-kit" ? /^file:\.\.\/\.\.$/ : /^\d+\.\d+\.\d+$/, dependency);
    }
    assert.ok(existsSync(join(folder, "package-lock.json")));
  });

  if ("start" in (facts.scripts ?? {})) test(`${name} tells how it is run and what it does not do`, () => {
    assert.deepEqual(facts.engines, engines);
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    for (const text of ["npx bankid-kit simulator", "npm start", "It does not"]) assert.ok(readme.includes(text), text);
  });
}
