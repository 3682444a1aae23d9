// The control plane's schemas in TypeScript, which `tests/types` holds against `js/simulator.d.ts`, are those of openapi.json.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../scripts/build.mjs";
import { typesOf } from "../support/openapi-types.mjs";

const FILE = join(ROOT, "tests", "types", "control-plane.ts");

test("tests/types/control-plane.ts says what openapi.json says (golden)", () => {
  const written = typesOf(JSON.parse(readFileSync(join(ROOT, "simulator", "openapi.json"), "utf8")));
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(FILE, written);
  assert.equal(readFileSync(FILE, "utf8"), written, "run it with UPDATE_GOLDEN=1, then mend js/simulator.d.ts");
});

test("a schema of an unknown kind is an error", () => {
  const schemas = (schema) => ({ components: { schemas: { X: schema } } });
  assert.throws(() => typesOf(schemas({ allOf: [] })), /no type|allOf/);
  assert.throws(() => typesOf(schemas({ type: "string", nullable: true })), /nullable/);
});
