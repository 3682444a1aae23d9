// The functions for pages, as TypeScript users call them; what Node and the page have in common is of one type.

import type * as node from "bankid-kit";
import { type Browser, type StartUrlOptions, detectBrowser, startUrl, startWay } from "bankid-kit/browser/launch";
import { type Message, type MessageOptions, message, messageFor } from "bankid-kit/browser/messages";

export const link: string = startUrl({ autoStartToken: "token" }, { redirect: null, rpRef: new Uint8Array(8) });
export const fallback: "app" | "scheme" | undefined = startWay(detectBrowser("")).fallback;
export const due: Message | undefined = messageFor({ errorCode: "maintenance" }, { language: "en" });
export const text: string = message("RFA1").text;

export const browser = (browser: Browser): node.Browser => browser;
export const options = (options: node.StartUrlOptions): StartUrlOptions => options;
export const situation = (situation: node.MessageOptions): MessageOptions => situation;
export const said = (said: Message): node.Message => said;

// @ts-expect-error: there is no such school
startWay(detectBrowser(), "never");
// @ts-expect-error: there is no such language
message("RFA1", "fi");
