// The elements, as a page in TypeScript uses them.

import { type BankIdLogin, type BankIdQr, type BrowserUpdate, type QrState, startUrl } from "bankid-kit/browser";

const qr: BankIdQr = document.createElement("bankid-qr");
qr.text = "bankid.token.0.code";
qr.tokens = { qrStartToken: "token", qrStartSecret: "secret", receivedAt: 0, at: 1 };
qr.startUrl = startUrl({ autoStartToken: "token" });
qr.addEventListener("update", ({ detail }) => detail.qr?.length);
export const state: QrState = qr.state;

// Tokens need the entry that can make texts of them, which has the same names.
export type { BankIdLogin as SameLogin } from "bankid-kit/browser/hmac";

const login: BankIdLogin | null = document.querySelector("bankid-login");
login?.addEventListener("complete", ({ detail }: CustomEvent<BrowserUpdate>) => detail.status);
login?.addEventListener("failed", (event) => event.preventDefault());
login?.addEventListener("click", () => void login.start("qr"));
if (login) login.data = async () => ({ ticket: await Promise.resolve("ticket") });
if (login) login.fetch = (url, options) => fetch(url, { ...options, headers: { "x-csrf": "1" } });
login?.fail({ sv: "Nej.", en: "No." });

// @ts-expect-error: there is no such way
void login?.start("byNumber");
// @ts-expect-error: a text is text
qr.text = 7;
// @ts-expect-error: it is for the element to say
qr.state = "shown";
