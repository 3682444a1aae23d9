// QR codes as pictures (protocol section 7.3), of texts or of orders, for who draws on the backend.

import { crc32, deflateSync } from "node:zlib";

import { count, object, optional, string, time } from "./arguments.js";
import { rectangles } from "./browser/drawer.js";
import { direct, fault } from "./errors.js";
import native from "./native/index.js";
import { qr } from "./qr.js";

const MAX_SCALE = 64;

export const qrPath = (source, options = {}) =>
  direct("qrPath", qrPath, () => failing(native.drawBankid(textOf(source, options))).path);

export const qrSvg = (source, options = {}) =>
  direct("qrSvg", qrSvg, () => {
    const { path, size } = drawing(source, options);
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
      `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`;
  });

export const qrPng = (source, options = {}) =>
  direct("qrPng", qrPng, () => {
    const scale = optional(count, "scale", object("options", options).scale, 1, MAX_SCALE) ?? 8;
    const { path, size } = drawing(source, options);
    return png(path, size, scale);
  });

const drawing = (source, options) => {
  const { level = "L" } = object("options", options);
  if (level !== "L" && level !== "M") throw fault("level", '"L" or "M"');
  return failing(native.drawQr(textOf(source, options), level === "M"));
};

const textOf = (source, options) => {
  const at = optional(time, "at", object("options", options).at);
  if (typeof source === "string") return source;
  if (typeof source !== "object" || source === null) throw fault("source", "a text or an order");
  return qr(source, at);
};

/** What was drawn; a failure becomes the error of the call. */
const failing = (answer) => {
  if (answer.failed === true) throw answer;
  return answer;
};

/** One bit for a pixel, so many pixels to a module. */
const png = (path, size, scale) => {
  const side = size * scale;
  const bytes = 1 + Math.ceil(side / 8);
  // Each line begins with its filter, which is none; where nothing is painted it is light.
  const lines = Array.from({ length: size }, () => Buffer.alloc(bytes, 0xff).fill(0, 0, 1));
  for (const { x, y, width } of rectangles(path)) {
    for (let at = x * scale; at < (x + width) * scale; at += 1) lines[y][1 + (at >> 3)] &= ~(0x80 >> (at & 7));
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  // Bits of a pixel; the rest is grey, deflate, filters by line, not interlaced.
  head[8] = 1;
  const data = deflateSync(Buffer.concat(lines.flatMap((line) => Array(scale).fill(line))), { level: 9 });
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
};

const chunk = (type, data) => {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
};
