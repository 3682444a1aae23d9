// The QR codes of an order, whose tokens lie in a cache: in this process, or wherever the caller keeps one.

import { qrFrames } from "../qr.js";

const TTL_SECONDS = 60;

const entries = new Map();

const inThisProcess = {
  get: async (key) => entries.get(key),
  set: async (key, value) => void entries.set(key, value),
  delete: async (key) => entries.delete(key),
};

export class QrGenerator {
  static defaultOptions = { orderTTL: TTL_SECONDS };

  cache = inThisProcess;

  constructor(resp, options = QrGenerator.defaultOptions) {
    if (options.customCache) this.cache = options.customCache;
    this.orderRef = resp?.orderRef || null;
    if (resp) {
      const { qrStartSecret, qrStartToken, orderRef } = resp;
      this.cache.set(orderRef, { startTime: Date.now(), qrStartSecret, qrStartToken });
    }
    if ("orderTTL" in options) {
      const forget = () => {
        if (this.orderRef) this.cache.delete(this.orderRef);
      };
      // Nothing is lost when the process ends before.
      setTimeout(forget, options.orderTTL * 1000).unref?.();
    }
  }

  static async latestQrFromCache(orderRef, customCache = inThisProcess) {
    const generator = new QrGenerator(null, { customCache });
    return (await generator.nextQr(orderRef, { maxCycles: 1 }).next()).value;
  }

  async *nextQr(orderRef, { maxCycles, timeout } = { timeout: TTL_SECONDS }) {
    const tokens = await this.cache.get(orderRef);
    if (!tokens) return;
    for (let cycle = 0; !(maxCycles && cycle >= maxCycles); cycle += 1) {
      // The cache may have been filled by a machine whose clock is ahead.
      const seconds = Math.max(0, Math.floor((Date.now() - tokens.startTime) / 1000));
      if (timeout && timeout < seconds) return;
      yield qrFrames(tokens, seconds, 1)[0];
    }
  }
}
