// What js/browser/draw-hmac.js makes of an order's tokens, over the vectors that Rust and Node's addon run as well.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import * as draw from "../../../js/browser/draw.js";
import * as hmac from "../../../js/browser/draw-hmac.js";
import { ROOT } from "../../../scripts/build.mjs";

const { frames } = JSON.parse(readFileSync(join(ROOT, "tests", "vectors", "qr.json"), "utf8"));

test("making a text before it is loaded says what to do", () => {
  assert.equal(hmac.loaded(), false);
  assert.throws(() => hmac.qrText("token", "secret", 0), { message: "not loaded: `await load()` before codes are drawn" });
});

test("what is loaded lies beside it, as a file", async () => {
  const { wasm } = await import("../../../js/browser/wasm/draw-hmac-inlined.js");
  assert.deepEqual(Buffer.from(wasm()), readFileSync(join(ROOT, "js", "browser", "wasm", "draw-hmac.wasm")));
});

test("once both are loaded", async (t) => {
  await Promise.all([hmac.load(), draw.load()]);

  await t.test("texts are those of the vectors", () => {
    for (const { id, token, secret, elapsedSeconds, text } of frames) {
      assert.equal(hmac.qrText(token, secret, elapsedSeconds), text, id);
    }
  });

  await t.test("texts are HMAC-SHA256, whatever the secret's length", () => {
    for (let length = 0; length < 200; length += 1) {
      const secret = Array.from({ length }, (_, at) => String.fromCodePoint(0x20 + ((at * 37 + length) % 0x300))).join("");
      const seconds = 2 ** (length % 32) - 1;
      const code = createHmac("sha256", secret).update(String(seconds)).digest("hex");
      assert.equal(hmac.qrText("tåken", secret, seconds), `bankid.tåken.${seconds}.${code}`);
    }
  });

  await t.test("pictures are those of draw.js", () => {
    for (const { text } of frames.filter((frame) => Buffer.byteLength(frame.text) <= 134)) {
      assert.equal(hmac.qrPath(text), draw.qrPath(text));
      assert.deepEqual(hmac.qrPixels(text, 2), draw.qrPixels(text, 2));
    }
    assert.equal(hmac.SIZE, draw.SIZE);
  });

  await t.test("what cannot be used is named", () => {
    const bounds = new RangeError("qrStartToken: must have from 1 to 256 bytes, and qrStartSecret at most 20000");
    assert.equal(hmac.qrText("x".repeat(256), "y".repeat(20_000), 2 ** 32 - 1).length, 7 + 256 + 1 + 10 + 1 + 64);
    for (const token of ["", "x".repeat(257), "å".repeat(129), "x".repeat(1_000_000)]) {
      assert.throws(() => hmac.qrText(token, "secret", 0), bounds);
    }
    assert.throws(() => hmac.qrText("token", "y".repeat(1_000_000), 0), bounds);
    for (const odd of [undefined, null, 7, {}]) {
      assert.throws(() => hmac.qrText(odd, "secret", 0), new TypeError("qrStartToken: must be a string"));
      assert.throws(() => hmac.qrText("token", odd, 0), new TypeError("qrStartSecret: must be a string"));
    }
    for (const seconds of [-1, 1.5, 2 ** 32, Number.NaN, "1", undefined]) {
      assert.throws(() => hmac.qrText("token", "secret", seconds), new RangeError("seconds: must be a whole number from 0 to 4294967295"));
    }
  });
});
