// How old an order is. Orders are plain objects; when this process received one is remembered beside it on the clock that
// never jumps, so that a wrong or corrected time of day does no harm. Copies, and orders from elsewhere, go by `receivedAt`.

import { time } from "./arguments.js";

/** Order object to the moment of receipt, as `performance.now()` counts. */
const receipts = new WeakMap();

/** Remembers that the order was received so many milliseconds ago. */
export const received = (order, agoMs) => {
  receipts.set(order, performance.now() - agoMs);
  return order;
};

/** Milliseconds since the order was received, now or at a moment; never negative. */
export const ageMs = (order, at) => {
  if (at === undefined) {
    const receipt = receipts.get(order);
    if (receipt !== undefined) return performance.now() - receipt;
  }
  const age = (at ?? Date.now()) - order.receivedAt;
  if (age >= 0 && age < 4e12) return age;
  // Negative, or one of the two is no number that can be meant.
  time("at", at ?? 0);
  time("receivedAt", order.receivedAt);
  return 0;
};
