// QR codes as pictures: read back by a decoder that others wrote.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inflateSync } from "node:zlib";

import jsQR from "jsqr";

import { qr, qrPath, qrPng, qrSvg } from "bankid-kit";
import { rectangles } from "../../../js/browser/drawer.js";
import { ROOT } from "../../../scripts/build.mjs";

const { frames } = JSON.parse(readFileSync(join(ROOT, "tests", "vectors", "qr.json"), "utf8"));
const TEXT = frames[0].text;
const ORDER = { qrStartToken: "67df3917-fa0d-44e5-b327-edcc928297f8", qrStartSecret: "d28db9a7-4cde-429e-a983-359be676944c", receivedAt: 1_700_000_000_000 };

/** What a PNG's check sums are, bit by bit. */
const checkSum = (bytes) => {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
};

/** The pixels of a PNG of one bit, grey, without filters, as a decoder takes them. */
const pixelsOf = (png) => {
  assert.equal(png.toString("latin1", 0, 8), "\x89PNG\r\n\x1a\n");
  const chunks = {};
  for (let at = 8; at < png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    assert.equal(png.readUInt32BE(end), checkSum(png.subarray(at + 4, end)));
    chunks[png.toString("latin1", at + 4, at + 8)] = png.subarray(at + 8, end);
    at = end + 4;
  }
  assert.deepEqual(Object.keys(chunks), ["IHDR", "IDAT", "IEND"]);
  const [width, height] = [chunks.IHDR.readUInt32BE(0), chunks.IHDR.readUInt32BE(4)];
  assert.deepEqual([...chunks.IHDR.subarray(8)], [1, 0, 0, 0, 0]);
  const data = inflateSync(chunks.IDAT);
  const bytes = 1 + Math.ceil(width / 8);
  assert.equal(data.length, bytes * height);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    assert.equal(data[y * bytes], 0);
    for (let x = 0; x < width; x += 1) {
      const isDark = ((data[y * bytes + 1 + (x >> 3)] >> (7 - (x & 7))) & 1) === 0;
      if (isDark) pixels.set([0, 0, 0, 255], (y * width + x) * 4);
    }
  }
  return { pixels, width, height };
};

const scanned = (png) => {
  const { pixels, width, height } = pixelsOf(png);
  return jsQR(pixels, width, height, { inversionAttempts: "dontInvert" })?.data;
};

test("a PNG is read back, at any scale and either level", () => {
  for (const { id, text } of frames.filter((frame) => Buffer.byteLength(frame.text) <= 200)) {
    for (const options of [undefined, { scale: 3 }, { scale: 5, level: "M" }]) assert.equal(scanned(qrPng(text, options)), text, id);
  }
  for (const text of ["a", "å".repeat(100), "x".repeat(200)]) {
    for (const level of ["L", "M"]) assert.equal(scanned(qrPng(text, { level })), text);
  }
});

test("a BankID code has 49 modules with its quiet zone, which is light", () => {
  const { pixels, width, height } = pixelsOf(qrPng(TEXT, { scale: 1 }));
  assert.deepEqual([width, height], [49, 49]);
  for (let at = 0; at < 49 * 4; at += 1) assert.equal(pixels[at * 4], 255);
  assert.deepEqual([pixelsOf(qrPng(TEXT)).width, pixelsOf(qrPng(TEXT, { scale: 64 })).width], [392, 3136]);
  assert.ok(qrPng(TEXT).length < 2000, "small enough to be sent each second");
});

test("a path is that of the SVG, and of a code of BankID's size for whatever text", () => {
  const path = qrPath(TEXT);
  assert.equal(
    qrSvg(TEXT),
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 49 49" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h49v49H0z"/>' +
      `<path fill="#000" d="${path}"/></svg>`,
  );
  assert.match(path, /^m4 4h7v1h-7m(8|9|1\d|2\d)/);
  // Within the quiet zone there are 41 modules, also where a smaller code would do.
  const ends = [...rectangles(qrPath("a"))].map(({ x, width }) => x + width);
  assert.equal(Math.max(...ends), 45);
  assert.match(qrSvg("a"), /viewBox="0 0 29 29"/);
  assert.notEqual(qrSvg(TEXT, { level: "M" }), qrSvg(TEXT));
});

test("an order is drawn with its text of the moment", () => {
  const at = ORDER.receivedAt + 7000;
  const text = qr(ORDER, at);
  assert.equal(qrPath(ORDER, { at }), qrPath(text));
  assert.equal(qrSvg(ORDER, { at }), qrSvg(text));
  assert.equal(scanned(qrPng(ORDER, { at })), text);
  const now = { ...ORDER, receivedAt: Date.now() };
  assert.match(scanned(qrPng(now)), /^bankid\.67df3917-fa0d-44e5-b327-edcc928297f8\.[0-3]\./);
});

test("what cannot be drawn is named", () => {
  const refused = (work, message, member) => assert.throws(work, { name: "BankIdError", code: "invalidArgument", message, member });
  for (const [draw, name, most] of [[qrPath, "qrPath", 134], [qrSvg, "qrSvg", 200], [qrPng, "qrPng", 200]]) {
    refused(() => draw(""), `${name}: text: a QR code must not be empty`, "text");
    refused(() => draw("x".repeat(most + 1)), `${name}: text: a QR code of this kind has at most ${most} bytes`, "text");
    for (const odd of [undefined, null, 7]) refused(() => draw(odd), `${name}: source must be a text or an order`, "source");
    refused(() => draw(TEXT, 7), `${name}: options must be an object`, "options");
    refused(() => draw(ORDER, { at: "now" }), `${name}: at must be a time in Unix milliseconds`, "at");
    refused(() => draw({ ...ORDER, qrStartSecret: 7 }), "qr: order.qrStartSecret must be a string", "order.qrStartSecret");
  }
  for (const scale of [0, 65, 1.5, "2"]) refused(() => qrPng(TEXT, { scale }), "qrPng: scale must be a whole number from 1 to 64", "scale");
  refused(() => qrSvg(TEXT, { level: "Q" }), 'qrSvg: level must be "L" or "M"', "level");
});
