// How old an order is. Orders are plain objects; when this process received one is remembered beside it on the clock that
// never jumps, so that a wrong or corrected time of day does no harm, and so is the request that started it. Copies, and
// orders from elsewhere, go by `receivedAt`.

import { time } from "./arguments.js";

/** Order object to the moment of receipt, as `performance.now()` counts, and its request as JSON. */
const receipts = new WeakMap();

/** Remembers that the order was received so many milliseconds ago, in answer to this request. */
export const received = (order, agoMs, request) => {
  receipts.set(order, { at: performance.now() - agoMs, request });
  return order;
};

/** The request that started the order, if it was started here. */
export const requestOf = (order) => receipts.get(order)?.request;

/** Milliseconds since the order was received, now or at a moment; never negative. */
export const ageMs = (order, at) => {
  if (at === undefined) {
    const receipt = receipts.get(order);
    if (receipt !== undefined) return performance.now() - receipt.at;
  }
  const age = (at ?? Date.now()) - order.receivedAt;
  if (age >= 0 && age < 4e12) return age;
  // Negative, or one of the two is no number that can be meant.
  time("at", at ?? 0);
  time("receivedAt", order.receivedAt);
  return 0;
};
