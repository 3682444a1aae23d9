// The functions without I/O, as TypeScript users call them.

import {
  type Browser, type MarkdownBlock, type Message, type PersonalNumberFacts, type QrFault, type QrKey,
  checkQr, detectBrowser, messageFor, personalNumber, previewMarkdown, qr, qrFrames, qrKey, qrPath, qrPng, qrSvg, returnUrl, startUrl,
} from "bankid-kit";

const order = { qrStartToken: "token", qrStartSecret: "secret", autoStartToken: "start", receivedAt: 0 };

export const text: string = qr(order);
export const later: string = qr(order, Date.now());
export const key: QrKey = qrKey(order);
export const frame: string = key.frame(3);
export const frames: string[] = qrFrames(order, 0, 180);
export const fault: QrFault | undefined = checkQr(text, order, 3, 2);
export const path: string = qrPath(text);
export const svg: string = qrSvg(order, { at: Date.now(), level: "M" });
export const png: Buffer = qrPng(order, { scale: 4 });
export const browser: Browser = detectBrowser("");
export const link: string = startUrl(order, { redirect: null, rpRef: new Uint8Array(8) });
export const back: string = returnUrl("https://rp.example", { userAgent: "" });
export const due: Message | undefined = messageFor({ status: "pending", hintCode: "userSign" }, { language: "en", startMode: "byNumber" });
export const facts: PersonalNumberFacts | undefined = personalNumber("191212121212");

/** A block of each kind has the members of its kind. */
export const headings = (blocks: MarkdownBlock[]): number =>
  blocks.map((block) => (block.type === "heading" ? block.level : block.type === "table" ? block.rows.length : 0)).reduce<number>((a, b) => a + b, 0);
headings(previewMarkdown("# a"));

// @ts-expect-error: an order has a time
qr({ qrStartToken: "token", qrStartSecret: "secret" });
// @ts-expect-error: there are two levels
qrSvg(text, { level: "Q" });
// @ts-expect-error: a path has no pixels
qrPath(text, { scale: 4 });
// @ts-expect-error: there is no such language
messageFor({ status: "pending" }, { language: "fi" });
// @ts-expect-error: a number is no personal number
personalNumber(191212121212);
// @ts-expect-error: a key counts seconds as numbers
key.frame("3");
// @ts-expect-error: facts are not to be changed
if (fault) fault.reason = "stale";
