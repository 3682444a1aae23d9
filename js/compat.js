// The calls and errors of the npm package `bankid`, `bankid-kit/compat`; `compat.d.ts` documents it and says what differs.

export { BankIdClient, BankIdClientV6, BankIdMethod } from "./compat/client.js";
export { BankIdError, BankIdErrorCode, REQUEST_FAILED_ERROR, RequestError } from "./compat/errors.js";
export { QrGenerator } from "./compat/qr.js";
