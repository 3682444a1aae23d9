// This package, with room for as many kept connections as the others have.

import { readFileSync } from "node:fs";

import { BankIdClient } from "bankid-kit";

export const connect = ({ https, ca, rp }) =>
  new BankIdClient({
    environment: { baseUrl: `${https}/rp/v6.0`, ca: readFileSync(ca) },
    identity: { certificate: readFileSync(rp.certificate), key: readFileSync(rp.key) },
    maxConnections: 64,
  });
