// npm's `bankid` as shipped; the address is changed where it keeps it.

import { createRequire } from "node:module";

const { BankIdClientV6 } = createRequire(import.meta.url)("bankid");

export const connect = ({ https, ca, rp }) => {
  const client = new BankIdClientV6({ ca, pfx: rp.pfx, passphrase: rp.passphrase });
  client.axios.defaults.baseURL = `${https}/rp/v6.0/`;
  return { auth: (request) => client.authenticate(request), collect: (request) => client.collect(request) };
};
