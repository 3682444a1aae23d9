// The files of tests/vectors against their JSON Schemas: what Rust, Node and the browser read is what the schemas say.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

import Ajv from "ajv/dist/2020.js";

import { ROOT } from "../../scripts/build.mjs";

const VECTORS = join(ROOT, "tests", "vectors");
const SCHEMAS = join(VECTORS, "schemas");

const jsonFiles = (folder) =>
  readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json")).map((name) => join(folder, name));

const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const named = (file) => relative(VECTORS, file);

const files = jsonFiles(VECTORS).filter((file) => !file.startsWith(SCHEMAS));
const schemaOf = (file) => resolve(dirname(file), read(file).$schema ?? "no $schema");

/** A validator that takes no schema with members it does not know, and reports every fault. */
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });

/** What is wrong with a document, a line each. */
const faults = (validate, document) =>
  validate(document) ? [] : validate.errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);

test("there are vectors", () => assert.ok(files.length >= 12, `${files.length} files`));

for (const file of files) {
  test(`${named(file)} is what its schema says`, () => {
    const schema = schemaOf(file);
    assert.ok(schema.startsWith(SCHEMAS) && existsSync(schema), `its $schema must name a file of ${named(SCHEMAS)}/: ${read(file).$schema}`);
    assert.deepEqual(faults(ajv.compile(read(schema)), read(file)), []);
  });

  // A schema that lets everything through would hold for every file.
  test(`${named(file)} would be refused with a member too many, or one too few`, () => {
    const validate = ajv.compile(read(schemaOf(file)));
    const document = read(file);
    assert.notDeepEqual(faults(validate, { ...document, unheardOf: 1 }), []);
    for (const [name, rows] of Object.entries(document)) {
      const { [name]: _, ...rest } = document;
      assert.notDeepEqual(faults(validate, rest), [], `without ${name}`);
      if (!Array.isArray(rows)) continue;
      const [first, ...others] = rows;
      assert.notDeepEqual(faults(validate, { ...document, [name]: [{ ...first, unheardOf: 1 }, ...others] }), [], `${name}[0].unheardOf`);
    }
  });

  test(`${named(file)} names each vector once`, () => {
    for (const [name, rows] of Object.entries(read(file)).filter(([, rows]) => Array.isArray(rows))) {
      const ids = rows.map((row) => row.id ?? row.code).filter((id) => id !== undefined);
      assert.deepEqual(ids.filter((id, place) => ids.indexOf(id) !== place), [], name);
    }
  });
}

test("every schema has its vectors", () => {
  const used = new Set(files.map(schemaOf));
  assert.deepEqual(jsonFiles(SCHEMAS).filter((file) => !used.has(file)).map(named), []);
});
