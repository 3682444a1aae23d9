// Modules as a bundler makes them for pages, and how many bytes they take on the way there.

import { brotliCompressSync, gzipSync } from "node:zlib";

import { build } from "esbuild";

import { ROOT } from "../../scripts/build.mjs";

/** The source as one minified module, a Buffer. */
export const bundled = async (source) => {
  const stdin = { contents: source, resolveDir: ROOT, loader: "js" };
  const { outputFiles } = await build({ stdin, bundle: true, format: "esm", platform: "browser", minify: true, write: false });
  return Buffer.from(outputFiles[0].contents);
};

export const sizes = (bytes) => ({
  minified: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes).length,
});
