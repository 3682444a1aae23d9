// The entry `bankid-kit/browser/hmac`; `hmac.d.ts` documents it. The same elements, whose codes' texts can be made in the page.

import { define } from "./define.js";
import * as draw from "./draw-hmac.js";

export { BankIdLogin } from "./login-element.js";
export { BankIdQr } from "./qr-element.js";
export { detectBrowser, startUrl, startWay } from "./launch.js";
export { message, messageFor } from "./messages.js";

define(draw);
