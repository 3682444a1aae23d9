// Which code is right at which moment. A code belongs to one second of its order (protocol 7.1), so each has an age that is
// counted on the clock that never jumps, and none is shown for longer than it is good: ticks that come late, in a tab that
// sleeps or on a line that stalls, leave no stale code behind.

/** Whether an order with this hint is still to be reached: nobody has its code or link in the app (7.3). */
export const isWaited = (hintCode) => hintCode === undefined || hintCode === "outstandingTransaction" || hintCode === "noClient";

/** How long a finished code is shown if none follows. The server accepts a few seconds (7.1). */
const FRESH_MS = 4_000;

/** Nobody can scan an order's code after this (7.6). */
const LIFETIME_SECONDS = 30;

/** How soon it is found out that a machine has slept. */
const LOOK_AGAIN_MS = 1_000;

/** More than clocks are corrected by while an order waits. */
const JUMP_MS = 2_000;

/**
 * Milliseconds since so many milliseconds ago, by the clock that never jumps. That one may stand still while the machine sleeps:
 * once the time of day has gone another way nobody knows how long it was, and it counts as for ever.
 */
const stopwatch = (ageMs) => {
  const ahead = () => Date.now() - performance.now();
  const [start, before] = [performance.now() - ageMs, ahead()];
  return () => (Math.abs(ahead() - before) < JUMP_MS ? performance.now() - start : Infinity);
};

/** A code that the backend has made, so many milliseconds ago. */
export const finishedCode = (code, ageMs = 0) => {
  const elapsedMs = stopwatch(ageMs);
  const now = () => {
    const leftMs = FRESH_MS - elapsedMs();
    return leftMs > 0 ? { ...code, inMs: Math.min(leftMs, LOOK_AGAIN_MS) } : undefined;
  };
  return { now };
};

/**
 * The codes that an order's tokens make. `at` is the server's time when it handed them over, `receivedAt` when it got them
 * itself: how old they are is for the server to say, since the user's clock may be wrong.
 */
export const computedCodes = ({ qrStartToken, qrStartSecret, receivedAt, at = receivedAt }) => {
  const elapsedMs = stopwatch(Math.max(0, (at ?? 0) - (receivedAt ?? 0)));
  const now = () => {
    const ms = elapsedMs();
    const second = Math.floor(ms / 1000);
    if (second >= LIFETIME_SECONDS) return { over: true };
    return { tokens: [qrStartToken, qrStartSecret, second], inMs: (second + 1) * 1000 - ms };
  };
  return { isComputed: true, now };
};

/** So far back the quickest message is remembered. */
const MEMORY_MS = 10_000;
const MOST_SEEN = 50;

/** How old a server's messages are, by its clock against ours, which need not agree: the quickest one had no delay. */
export class ServerTime {
  #seen = [];

  /** Milliseconds since the server's moment `at`; 0 without one. */
  ageMs(at) {
    if (!Number.isFinite(at)) return 0;
    const now = performance.now();
    // Messages come in the order in which they were sent: if time has gone backwards, the server's clock was put right.
    const isBack = this.#seen.some((each) => each.at > at);
    this.#seen = this.#seen.filter((each) => !isBack && now - each.now < MEMORY_MS).slice(-MOST_SEEN);
    this.#seen.push({ now, at });
    return now - at + Math.max(...this.#seen.map((each) => each.at - each.now));
  }
}
