// Texts of animated QR codes (protocol section 7). These are called for every second of every order, so nothing is checked
// before the native call; only when that refuses is it found out what was wrong.

import { count, object, string } from "./arguments.js";
import { direct } from "./errors.js";
import native from "./native/index.js";
import { ageMs } from "./order.js";

const make = native.qrFunctions();

export const qr = (order, at) => {
  try {
    return make.frame(order.qrStartToken, order.qrStartSecret, ageMs(order, at) / 1000);
  } catch (cause) {
    return direct("qr", qr, () => {
      tokens(order);
      throw cause;
    });
  }
};

export const qrFrames = (order, from, number) =>
  direct("qrFrames", qrFrames, () => {
    const { qrStartToken, qrStartSecret } = tokens(order);
    count("count", number, 0, MOST_FRAMES);
    count("from", from, 0, 0xffff_ffff - MOST_FRAMES);
    return cut(make.frames(qrStartToken, qrStartSecret, from, number), from, number);
  });

/** Takes texts of seconds in a row apart: all are equally long, but for the digits of their second. */
const cut = (texts, from, number) => {
  const digits = Array.from({ length: number }, (_, n) => String(from + n).length);
  const rest = (texts.length - digits.reduce((sum, length) => sum + length, 0)) / number;
  let end = 0;
  return digits.map((length) => texts.slice(end, (end += rest + length)));
};

/** An order lives three minutes at most, an hour is room for any test. */
const MOST_FRAMES = 3600;

export const qrKey = (order) =>
  direct("qrKey", qrKey, () => {
    const { qrStartToken, qrStartSecret } = tokens(order);
    return new QrKey(make.key(qrStartToken, qrStartSecret));
  });

class QrKey {
  #frame;

  constructor(frame) {
    this.#frame = frame;
  }

  frame(elapsedSeconds) {
    // Node-API would round fractions and wrap what is negative.
    if (elapsedSeconds >>> 0 === elapsedSeconds) return this.#frame(elapsedSeconds);
    return direct("QrKey.frame", this.frame, () => this.#frame(count("elapsedSeconds", elapsedSeconds)));
  }
}

export const checkQr = (text, order, elapsedSeconds, toleranceSeconds = 0) =>
  direct("checkQr", checkQr, () => {
    string("text", text);
    const { qrStartToken, qrStartSecret } = tokens(order);
    count("elapsedSeconds", elapsedSeconds);
    count("toleranceSeconds", toleranceSeconds);
    return native.checkQr(text, qrStartToken, qrStartSecret, elapsedSeconds, toleranceSeconds) ?? undefined;
  });

const tokens = (order) => {
  object("order", order);
  string("order.qrStartToken", order.qrStartToken);
  string("order.qrStartSecret", order.qrStartSecret);
  return order;
};
