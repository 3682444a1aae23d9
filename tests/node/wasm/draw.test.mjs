// What js/browser/draw.js draws, read back by a decoder that others wrote. It needs no browser, nor does drawing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import jsQR from "jsqr";

import * as draw from "../../../js/browser/draw.js";
import { ROOT } from "../../../scripts/build.mjs";

const { frames } = JSON.parse(readFileSync(join(ROOT, "tests", "vectors", "qr.json"), "utf8"));
const TEXT = frames[0].text;
const FITS = (text) => Buffer.byteLength(text) <= 134;

const WASM = readFileSync(join(ROOT, "js", "browser", "wasm", "draw.wasm"));

/** What somebody reads who sees the pixels. */
const scanned = ({ data, width, height }) => jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;

/** The pixels that a path of `m x y h w v 1 h -w` fills, at one pixel for a unit. */
const filled = (path) => {
  const data = new Uint8ClampedArray(draw.SIZE * draw.SIZE * 4).fill(255);
  let [x, y] = [0, 0];
  for (const rectangle of path.split("m").slice(1)) {
    const [, right, down, width, back] = /^(-?\d+) ?(-?\d+)h(\d+)v1h-(\d+)$/.exec(rectangle).map(Number);
    assert.equal(width, back);
    [x, y] = [x + right, y + down];
    for (let at = x; at < x + width; at += 1) data.set([0, 0, 0, 255], (y * draw.SIZE + at) * 4);
    y += 1;
  }
  return data;
};

test("importing compiles nothing, and drawing before it is loaded says what to do", () => {
  assert.equal(draw.loaded(), false);
  assert.throws(() => draw.qrPath(TEXT), { message: "not loaded: `await load()` before codes are drawn" });
});

test("a source that cannot be used is refused, and another may be tried", async () => {
  await assert.rejects(draw.load(new Uint8Array(8)), WebAssembly.CompileError);
  await assert.rejects(draw.load(new Response("gone", { status: 410 })), /answered 410/);
  assert.equal(draw.loaded(), false);
});

test("what is in the module is what lies beside it, and is loaded once", async () => {
  const { wasm } = await import("../../../js/browser/wasm/draw-inlined.js");
  assert.deepEqual(Buffer.from(wasm()), WASM);
  const first = draw.load();
  assert.equal(draw.load(new Uint8Array(8)), first);
  await first;
  assert.equal(draw.loaded(), true);
});

for (const [way, source] of [
  ["bytes", () => WASM],
  ["a buffer", () => new Uint8Array(WASM).buffer],
  ["a module", () => new WebAssembly.Module(WASM)],
  ["an answer", () => new Response(WASM)],
  ["a URL", () => new URL(`data:application/wasm;base64,${WASM.toString("base64")}`)],
  ["a text", () => `data:application/octet-stream;base64,${WASM.toString("base64")}`],
]) {
  test(`the wasm may come as ${way}`, async () => {
    const { createDrawer } = await import("../../../js/browser/drawer.js");
    const glue = await import(`../../../js/browser/wasm/draw.js?${encodeURIComponent(way)}`);
    const another = createDrawer(glue, () => assert.fail("not asked for"));
    await another.load(source());
    assert.equal(scanned(another.qrPixels(TEXT, 3)), TEXT);
  });
}

test("texts of the vectors can be scanned, as pixels and as a path", async () => {
  await draw.load();
  for (const { id, text } of frames.filter((frame) => FITS(frame.text))) {
    for (const scale of [2, 3, 7]) {
      const pixels = draw.qrPixels(text, scale);
      assert.deepEqual([pixels.width, pixels.height, pixels.data.length], [49 * scale, 49 * scale, (49 * scale) ** 2 * 4]);
      assert.equal(scanned(pixels), text, `${id} at ${scale}`);
    }
    assert.deepEqual(filled(draw.qrPath(text)), draw.qrPixels(text, 1).data, id);
  }
});

test("the quiet zone is light", () => {
  const scale = 3;
  const { data, width } = draw.qrPixels(TEXT, scale);
  const zone = 4 * scale;
  for (let at = 0; at < width * width; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const isInside = x >= zone && y >= zone && x < width - zone && y < width - zone;
    if (!isInside) assert.deepEqual([...data.subarray(at * 4, at * 4 + 4)], [255, 255, 255, 255]);
  }
});

test("any text that fits is drawn, and no other", () => {
  for (const text of ["a", "å".repeat(67), "x".repeat(134), "\0"]) assert.equal(scanned(draw.qrPixels(text, 4)), text);
  assert.equal(scanned(draw.qrPixels("\ud800", 4)), "\ufffd");
  for (const text of ["", "x".repeat(135), "å".repeat(68), "🙂".repeat(1_000_000)]) {
    assert.throws(() => draw.qrPath(text), new RangeError("text: must have from 1 to 134 bytes"));
    assert.throws(() => draw.qrPixels(text, 1), RangeError);
  }
  for (const text of [undefined, null, 7, {}, Symbol("text")]) assert.throws(() => draw.qrPath(text), TypeError);
  for (const scale of [0, -1, 1.5, 65, Number.NaN, "2", undefined, Infinity]) {
    assert.throws(() => draw.qrPixels(TEXT, scale), new RangeError("scale: must be a whole number from 1 to 64"));
  }
});
