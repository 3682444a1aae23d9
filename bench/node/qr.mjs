// Texts of animated QR codes, beside what a backend writes with node:crypto. In one process, in turns.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { qr, qrFrames, qrKey } from "bankid-kit";

import { median, pairedRatio, printTable } from "./report.mjs";

const TEXTS_PER_ROUND = 36_000;
const SECONDS = 180;

const order = {
  qrStartToken: "67df3917-fa0d-44e5-b327-edcc928297f8",
  qrStartSecret: "d28db9a7-4cde-429e-a983-359be676944c",
  receivedAt: 1_760_000_000_000,
};

const withCrypto = ({ qrStartToken, qrStartSecret }, elapsed) =>
  `bankid.${qrStartToken}.${elapsed}.${createHmac("sha256", qrStartSecret).update(String(elapsed)).digest("hex")}`;

const key = qrKey(order);

/** Each makes the texts of three minutes and gives the last one back, so that nothing can be left out. */
const WAYS = {
  "node:crypto, createHmac and string": () => {
    let text;
    for (let n = 0; n < SECONDS; n += 1) text = withCrypto(order, n);
    return text;
  },
  "qr(order, at)": () => {
    let text;
    for (let n = 0; n < SECONDS; n += 1) text = qr(order, order.receivedAt + n * 1000);
    return text;
  },
  "kept qrKey(order).frame(n)": () => {
    let text;
    for (let n = 0; n < SECONDS; n += 1) text = key.frame(n);
    return text;
  },
  "qrFrames(order, 0, 180)": () => qrFrames(order, 0, SECONDS).at(-1),
};

const GOALS = { "qr(order, at)": 0.2, "kept qrKey(order).frame(n)": 0.12, "qrFrames(order, 0, 180)": 0.12 };
const [PEER] = Object.keys(WAYS);

/** Nanoseconds for one text. */
const measure = (way) => {
  const start = process.hrtime.bigint();
  for (let n = 0; n < TEXTS_PER_ROUND; n += SECONDS) way();
  return Number(process.hrtime.bigint() - start) / TEXTS_PER_ROUND;
};

export const run = async ({ rounds }) => {
  for (const [name, way] of Object.entries(WAYS)) assert.equal(way(), withCrypto(order, SECONDS - 1), name);
  const times = Object.fromEntries(Object.keys(WAYS).map((name) => [name, []]));
  // The first rounds are the compiler's.
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, way] of Object.entries(WAYS)) {
      const time = measure(way);
      if (round >= 0) times[name].push(time);
    }
  }
  const ratio = (name) => pairedRatio(times[name], times[PEER]);
  printTable(["QR text in Node", "ns", "ratio"], Object.keys(WAYS).map((name) => [name, median(times[name]).toFixed(0), ratio(name).toFixed(3)]));
  return Object.entries(GOALS).map(([name, atMost]) => ({ what: `${name}: time beside createHmac`, measured: ratio(name), atMost }));
};
