// Makes the elements known to the document, with what draws their codes. On a server, where there are none, nothing.

import { BankIdLogin } from "./login-element.js";
import { BankIdQr } from "./qr-element.js";

export const define = (drawer) => {
  BankIdQr.drawer = drawer;
  const { customElements } = globalThis;
  if (customElements === undefined || customElements.get("bankid-qr") !== undefined) return;
  customElements.define("bankid-qr", BankIdQr);
  customElements.define("bankid-login", BankIdLogin);
};
