// The package `bankid-kit`; `index.d.ts` documents it.

export { BankIdClient, environments, inspectIdentity } from "./client.js";
export { BankIdError } from "./errors.js";
export { toBrowser } from "./follow.js";
export { detectBrowser, newNonce, nonceIsIn, returnUrl, startUrl } from "./launch.js";
export { qrPath, qrPng, qrSvg } from "./picture.js";
export { checkQr, qr, qrFrames, qrKey } from "./qr.js";
export { checkMarkdown, message, messageFor, personalNumber, previewMarkdown } from "./texts.js";
