// A camera: what a QR code in a picture says, read from its pixels by a decoder that knows nothing of ours.

import { inflateSync } from "node:zlib";

import jsqr from "jsqr";

/** The text of the code in a PNG; undefined if there is none to be read, dark on light. */
export const photographed = (png) => {
  const { width, height, pixels } = pixelsOf(png);
  return jsqr(pixels, width, height, { inversionAttempts: "dontInvert" })?.data;
};

/** Red, green, blue and alpha of a PNG as Chromium writes it: 8 bits a channel, not interlaced. */
export const pixelsOf = (png) => {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = { 2: 3, 6: 4 }[png[25]];
  if (png[24] !== 8 || channels === undefined || png[28] !== 0) throw new Error("not a PNG of the kind that Chromium writes");
  const rows = unfiltered(inflateSync(Buffer.concat(dataOf(png))), width * channels, channels, height);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) pixels[pixel * 4 + channel] = rows[pixel * channels + channel];
  }
  return { width, height, pixels };
};

const SIGNATURE_LENGTH = 8;

const dataOf = (png) => {
  const found = [];
  for (let at = SIGNATURE_LENGTH; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") found.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return found;
};

/** Each row says how its bytes are told from those to the left, above, and above to the left. */
const unfiltered = (data, stride, step, height) => {
  const rows = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const predict = PREDICTIONS[data[row * (stride + 1)]];
    for (let column = 0; column < stride; column += 1) {
      const to = row * stride + column;
      const left = column < step ? 0 : rows[to - step];
      const above = row === 0 ? 0 : rows[to - stride];
      const corner = column < step || row === 0 ? 0 : rows[to - stride - step];
      rows[to] = data[to + row + 1] + predict(left, above, corner);
    }
  }
  return rows;
};

const paeth = (left, above, corner) => {
  const [toLeft, toAbove, toCorner] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
};

const PREDICTIONS = [() => 0, (left) => left, (left, above) => above, (left, above) => (left + above) >> 1, paeth];
