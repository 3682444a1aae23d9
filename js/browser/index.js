// The entry `bankid-kit/browser`; `index.d.ts` documents it. The elements are there once it is imported, and draw texts that the
// backend has made.

import { define } from "./define.js";
import * as draw from "./draw.js";

export { BankIdLogin } from "./login-element.js";
export { BankIdQr } from "./qr-element.js";
export { detectBrowser, startUrl, startWay } from "./launch.js";
export { message, messageFor } from "./messages.js";

define(draw);
