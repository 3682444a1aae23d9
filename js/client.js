// The client of BankID's API. Settings and requests are checked where JavaScript may get them wrong, and cross as the addon
// takes them; what it answers comes back as plain objects.

import { boolean, bytes, count, object, optional, signal, string, textOrBytes } from "./arguments.js";
import { direct, settle } from "./errors.js";
import { OrderUpdates } from "./follow.js";
import native from "./native/index.js";
import { received } from "./order.js";
import { requestJson } from "./request.js";
import { stoppable } from "./stop.js";

export const environments = Object.freeze(
  Object.fromEntries(Object.entries(native.environments()).map(([name, baseUrl]) => [name, Object.freeze({ baseUrl })])),
);

const NUMBERS = [
  "connectTimeoutMs", "requestTimeoutMs", "responseLimitBytes", "maxConnections", "idleTimeoutMs", "pollIntervalMs", "retries",
  "retryDelayMs",
];

export class BankIdClient {
  #client;

  constructor(options) {
    this.#client = direct("BankIdClient", BankIdClient, () => native.connect(settings(options)));
  }

  auth(request, options) {
    return this.#start("auth", request, options);
  }

  sign(request, options) {
    return this.#start("sign", request, options);
  }

  payment(request, options) {
    return this.#start("payment", request, options);
  }

  otherPayment(request, options) {
    return this.#start("otherPayment", request, options);
  }

  phoneAuth(request, options) {
    return this.#start("phoneAuth", request, options);
  }

  phoneSign(request, options) {
    return this.#start("phoneSign", request, options);
  }

  async #start(operation, request, options) {
    const json = { text: undefined };
    const { order, ageMs } = await settle(operation, () => {
      const strict = optional(boolean, "strict", object("options", options ?? {}).strict) ?? false;
      json.text = requestJson(request);
      return abortable(options, (stop) => this.#client.start(operation, json.text, strict, stop));
    });
    return received(JSON.parse(order), ageMs, json.text);
  }

  async collect(order, options) {
    const answer = await settle("collect", () =>
      abortable(options, (stop) => this.#client.collect(orderRef(order), stop)));
    return JSON.parse(answer);
  }

  cancel(order, options) {
    return settle("cancel", () => abortable(options, (stop) => this.#client.cancel(orderRef(order), stop)));
  }

  follow(order, options = {}) {
    return direct("follow", this.follow, () => new OrderUpdates(this.#client, object("order", order), object("options", options)));
  }

  get identity() {
    const facts = this.#client.identity();
    return facts === null ? undefined : identityFacts(facts);
  }

  replaceIdentity(identity) {
    direct("replaceIdentity", this.replaceIdentity, () => this.#client.replaceIdentity(identityOf(identity)));
  }

  async close() {
    this.#client.close();
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }
}

export const inspectIdentity = (identity) =>
  identityFacts(direct("inspectIdentity", inspectIdentity, () => native.inspectIdentity(identityOf(identity))));

const settings = (options) => {
  const { environment, identity } = object("options", options);
  const { baseUrl, ca } = object("environment", environment);
  const numbers = NUMBERS.map((name) => [name, optional(count, name, options[name])]);
  return {
    baseUrl: string("environment.baseUrl", baseUrl),
    ca: optional(textOrBytes, "environment.ca", ca),
    identity: identity === undefined ? undefined : identityOf(identity),
    ...Object.fromEntries(numbers),
  };
};

/** One file, as the addon takes it. */
const identityOf = (identity) => {
  const { pfx, passphrase, certificate, key } = object("identity", identity);
  if (pfx !== undefined) {
    return { pfx: bytes("identity.pfx", pfx), passphrase: string("identity.passphrase", passphrase) };
  }
  const parts = [textOrBytes("identity.certificate", certificate), Buffer.from("\n"), textOrBytes("identity.key", key)];
  return { pem: Buffer.concat(parts), passphrase: optional(string, "identity.passphrase", passphrase) };
};

const identityFacts = ({ notBeforeMs, notAfterMs, ...facts }) => ({
  ...facts,
  notBefore: new Date(notBeforeMs),
  notAfter: new Date(notAfterMs),
});

const orderRef = (order) => string("orderRef", typeof order === "object" && order !== null ? order.orderRef : order);

/** Makes a call that the caller's signal ends. */
const abortable = async (options, call) => {
  const abort = optional(signal, "signal", object("options", options ?? {}).signal);
  const answer = await stoppable(abort, call);
  return answer?.failed && answer.code === "aborted" ? { ...answer, cause: abort.reason } : answer;
};
