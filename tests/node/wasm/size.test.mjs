// How much a page loads to draw codes: everything that the module has, glue and wasm in one file, as esbuild bundles and
// minifies it for browsers, packed by gzip -9.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { ROOT } from "../../../scripts/build.mjs";

const LIMITS = { "draw.js": 3500, "draw-hmac.js": 5000 };

for (const [name, limit] of Object.entries(LIMITS)) {
  test(`${name} has at most ${limit} bytes`, async (t) => {
    const entry = join(ROOT, "js", "browser", name);
    const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", minify: true, write: false });
    const [{ contents }] = outputFiles;
    const { length } = gzipSync(contents, { level: 9 });
    t.diagnostic(`${length} bytes`);
    assert.ok(length <= limit, `${length} bytes`);
  });
}
