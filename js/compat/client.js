// The clients. A call is sent as it was made: what BankID refuses is refused by BankID, in its words, and what is checked
// here is what `bankid` checks.

import { readFileSync } from "node:fs";

import { BankIdError, RequestError } from "./errors.js";
import { QrGenerator } from "./qr.js";
import { Transport } from "./transport.js";

export const BankIdMethod = Object.freeze({ auth: "auth", sign: "sign", collect: "collect", cancel: "cancel" });

/** The passphrase of the test certificate that BankID publishes. */
const TEST_PASSPHRASE = "qwerty123";

export class BankIdClient {
  version = "v5.1";
  #transport;

  constructor(options) {
    this.options = { production: false, refreshInterval: 2000, ...options };
    const { production } = this.options;
    if (production) {
      if (!options?.pfx || !options?.passphrase) throw new Error("BankId requires the pfx and passphrase in production mode");
    } else {
      if (this.options.pfx === undefined) {
        throw new Error("bankid-kit/compat carries no certificate: pfx is required in test mode, too");
      }
      if (this.options.passphrase === undefined) this.options.passphrase = TEST_PASSPHRASE;
    }
    const ca = contentOf(this.options.ca);
    const pfx = contentOf(this.options.pfx);
    const { baseUrl, passphrase } = this.options;
    this.#transport = new Transport({ production, baseUrl, ca, pfx, passphrase });
  }

  authenticate(parameters) {
    if (!parameters.endUserIp) throw new Error("Missing required argument endUserIp.");
    return this.#start(BankIdMethod.auth, parameters);
  }

  sign(parameters) {
    if (!parameters.endUserIp || !parameters.userVisibleData) {
      throw new Error("Missing required arguments: endUserIp, userVisibleData.");
    }
    return this.#start(BankIdMethod.sign, parameters);
  }

  collect(parameters) {
    return this.#call(BankIdMethod.collect, parameters);
  }

  cancel(parameters) {
    return this.#call(BankIdMethod.cancel, parameters);
  }

  async authenticateAndCollect(parameters) {
    const { orderRef } = await this.authenticate(parameters);
    return this.awaitPendingCollect(orderRef);
  }

  async signAndCollect(parameters) {
    const { orderRef } = await this.sign(parameters);
    return this.awaitPendingCollect(orderRef);
  }

  async awaitPendingCollect(orderRef) {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, this.options.refreshInterval));
      const response = await this.collect({ orderRef });
      if (response.status === "complete") return response;
      // An order that failed is no error of a call: what is thrown is BankID's answer.
      if (response.status === "failed") throw response;
    }
  }

  _awaitPendingCollect(orderRef) {
    console.warn("_awaitPendingCollect is now called awaitPendingCollect");
    return this.awaitPendingCollect(orderRef);
  }

  #start(method, parameters) {
    const { userVisibleData, userVisibleDataFormat, userNonVisibleData } = parameters;
    if (userVisibleDataFormat != null && userVisibleDataFormat !== "simpleMarkdownV1") {
      throw new Error("userVisibleDataFormat can only be simpleMarkdownV1.");
    }
    const encoded = (data) => (data ? Buffer.from(data).toString("base64") : undefined);
    const texts = { userVisibleData: encoded(userVisibleData), userNonVisibleData: encoded(userNonVisibleData) };
    return this.#call(method, { ...parameters, ...texts });
  }

  async #call(method, parameters) {
    const body = JSON.stringify(parameters) ?? "";
    let answer;
    try {
      answer = await this.#transport.post(this.version, method, body);
    } catch (cause) {
      // What no request was made for is not one that failed.
      if (!cause.sent) throw cause;
      throw new RequestError({ method: "POST", path: `${this.version}/${method}` }, cause);
    }
    const { status, text } = answer;
    const document = parsed(text);
    if (status >= 200 && status < 300) {
      if (document !== undefined) return document;
      throw new RequestError({ method: "POST", path: `${this.version}/${method}` }, new Error(`the answer with status ${status} is no JSON`));
    }
    throw new BankIdError(document?.errorCode, document?.details);
  }
}

export class BankIdClientV6 extends BankIdClient {
  constructor(options) {
    super(options);
    this.version = "v6.0";
    const { qrEnabled, qrOptions } = options;
    this.options = { ...this.options, qrEnabled: qrEnabled ?? true, qrOptions: qrOptions ?? QrGenerator.defaultOptions };
  }

  async authenticate(parameters) {
    return this.#withQr(await super.authenticate(parameters));
  }

  async sign(parameters) {
    return this.#withQr(await super.sign(parameters));
  }

  async collect(parameters) {
    return super.collect(parameters);
  }

  #withQr(response) {
    const { qrEnabled, qrOptions } = this.options;
    return { ...response, qr: qrEnabled ? new QrGenerator(response, qrOptions) : undefined };
  }
}

/** What was given, or what lies in the file that was named. */
const contentOf = (given) => (given === undefined || given instanceof Uint8Array ? given : readFileSync(given));

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
