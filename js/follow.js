// Following an order, as an async iterator over the addon's updates. Nothing runs while nobody asks for the next one.

import { boolean, count, optional, signal, string } from "./arguments.js";
import { BankIdError, direct, settle } from "./errors.js";
import { device } from "./launch.js";
import { ageMs, received, requestOf } from "./order.js";

export class OrderUpdates {
  #follow;
  #abort;
  #tell;
  #request;
  #stopped;
  #over = false;

  constructor(client, order, options) {
    this.#abort = optional(signal, "signal", options.signal);
    this.#request = requestOf(order);
    this.#follow = direct("follow", OrderUpdates, () => client.follow(followed(order, this.#request, options)));
    if (this.#abort === undefined) return;
    // What goes wrong is said by the `next` that waits for it.
    this.#tell = () => void this.#stop().catch(() => {});
    if (this.#abort.aborted) this.#tell();
    else this.#abort.addEventListener("abort", this.#tell, { once: true });
  }

  async next() {
    if (this.#over) return { done: true, value: undefined };
    let next;
    try {
      next = await settle("follow", () => this.#follow.next());
    } catch (error) {
      this.#end();
      throw error;
    }
    if (this.#over) return { done: true, value: undefined };
    if (next === null) {
      this.#end();
      if (!this.#abort?.aborted) return { done: true, value: undefined };
      await this.#stopped;
      throw this.#aborted();
    }
    const value = JSON.parse(next.update);
    if (next.restarted) value.order = received(JSON.parse(next.restarted.order), next.restarted.ageMs, this.#request);
    if (value.status !== "pending") this.#end();
    return { done: false, value };
  }

  async return() {
    if (!this.#over) {
      this.#end();
      await this.#stop();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async [Symbol.asyncDispose]() {
    await this.return();
  }

  /** No further update comes. */
  #end() {
    this.#over = true;
    this.#abort?.removeEventListener("abort", this.#tell);
  }

  #stop() {
    this.#stopped ??= this.#follow.stop();
    return this.#stopped;
  }

  #aborted() {
    return new BankIdError("following the order was aborted", { code: "aborted", cause: this.#abort.reason });
  }
}

const followed = (order, request, options) => ({
  operation: string("order.operation", order.operation),
  orderRef: string("order.orderRef", order.orderRef),
  autoStartToken: optional(string, "order.autoStartToken", order.autoStartToken),
  qrStartToken: optional(string, "order.qrStartToken", order.qrStartToken),
  qrStartSecret: optional(string, "order.qrStartSecret", order.qrStartSecret),
  ageMs: ageMs(order),
  request,
  language: optional(string, "language", options.language),
  device: optional(string, "device", options.device),
  startMode: optional(string, "startMode", options.startMode) ?? (order.qrStartToken === undefined ? "byNumber" : undefined),
  ...device(options),
  cancelWhenStopped: optional(boolean, "cancelWhenStopped", options.cancelWhenStopped),
  restarts: optional(count, "restarts", options.restarts),
});

/** What the browser of the user who started the order may see; everything else stays here. */
export const toBrowser = ({ status, hintCode, qr, message, startUrl, at }) => ({
  status,
  ...(hintCode !== undefined && { hintCode }),
  ...(qr !== undefined && { qr }),
  message,
  ...(startUrl !== undefined && { startUrl }),
  at,
});
