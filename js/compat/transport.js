// The way to BankID: the package's own client, which here passes on what is sent and what is answered as they are.

import native from "../native/index.js";

export class Transport {
  #settings;
  #client;

  constructor(settings) {
    this.#settings = settings;
  }

  /** Resolves to `{ status, text }`; rejects with an error that says by `sent` whether there was an attempt. */
  async post(version, method, body) {
    this.#client ??= open(this.#settings);
    return accept(await this.#client.post(version, method, body), true);
  }
}

// Not before the first call: as with `bankid`, a client can be made although its file will not open.
const open = ({ production, baseUrl, ca, pfx, passphrase }) => {
  const endpoint = { production: Boolean(production), baseUrl: baseUrl && `${baseUrl.replace(/\/*$/, "")}/v6.0`, ca };
  return accept(native.compatClient(endpoint, pfx, passphrase), false);
};

const accept = (answer, sent) => {
  if (answer.failed !== true) return answer;
  throw Object.assign(new Error(answer.message), { code: answer.code, sent });
};
