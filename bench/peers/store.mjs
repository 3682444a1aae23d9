// The job of the simulator in few lines, for the two Node peers: orders in a Map, random tokens, a check of the input
// with BankID's answers, and expiry. Both peers answer from this file, so that they differ in their HTTP layer only.
import { randomUUID } from "node:crypto";
import { isIP } from "node:net";

const START_MS = 30_000;
const KEPT_MS = 190_000;
const SWEEP_MS = 1_000;

/** @type {Map<string, { startedAt: number, endUserIp: string, rp: string, token: string, secret: string }>} */
const orders = new Map();

// A Map keeps the order of insertion, so the oldest come first and a sweep ends at the first young one.
setInterval(() => {
  const oldest = Date.now() - KEPT_MS;
  for (const [orderRef, order] of orders) {
    if (order.startedAt > oldest) break;
    orders.delete(orderRef);
  }
}, SWEEP_MS).unref();

const invalid = (details) => ({ status: 400, body: { errorCode: "invalidParameters", details } });

export const auth = (request, rp) => {
  if (request === null || typeof request !== "object") return invalid("Invalid request");
  const { endUserIp } = request;
  if (typeof endUserIp !== "string" || isIP(endUserIp) === 0) return invalid("Incorrect endUserIp");
  const orderRef = randomUUID();
  const order = { startedAt: Date.now(), endUserIp, rp, token: randomUUID(), secret: randomUUID() };
  orders.set(orderRef, order);
  const body = { orderRef, autoStartToken: randomUUID(), qrStartToken: order.token, qrStartSecret: order.secret };
  return { status: 200, body };
};

export const collect = (request, rp) => {
  if (request === null || typeof request !== "object") return invalid("Invalid request");
  const { orderRef } = request;
  const order = typeof orderRef === "string" ? orders.get(orderRef) : undefined;
  if (order === undefined || order.rp !== rp) return invalid("No such order");
  if (Date.now() - order.startedAt < START_MS) {
    return { status: 200, body: { orderRef, status: "pending", hintCode: "outstandingTransaction" } };
  }
  orders.delete(orderRef);
  return { status: 200, body: { orderRef, status: "failed", hintCode: "startFailed" } };
};

export const operations = { "/rp/v6.0/auth": auth, "/rp/v6.0/collect": collect };

/** The headers that BankID sends with an answer, save Date and Content-Length. */
export const headers = {
  Expires: "0",
  "Cache-Control": "no-cache, no-store, must-revalidate",
  Pragma: "no-cache",
  Server: "BankID",
  "Content-Type": "application/json",
};
