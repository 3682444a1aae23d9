/** The recommended messages for users (9), without elements: `bankid-kit/browser/messages`. */
import type { Device } from "./launch.js";

export type Language = "sv" | "en";
export type StartMode = "qr" | "autostart" | "byNumber";

export interface Message {
  /** `RFA1` to `RFA30`. */
  readonly id: string;
  readonly text: string;
  /** Whether the wording is BankID's; ours where that is not known. */
  readonly official: boolean;
}

export interface MessageOptions {
  /** Swedish unless said otherwise. */
  language?: Language | undefined;
  /** A computer unless said otherwise. */
  device?: Device | undefined;
  /** `qr` unless said otherwise. */
  startMode?: StartMode | undefined;
}

/** The recommended message for a state, a hint or an error (9.1); `undefined` for a completed order. */
export declare function messageFor(
  event: { readonly status: "pending" | "failed" | "complete"; readonly hintCode?: string | undefined } | { readonly errorCode: string },
  options?: MessageOptions,
): Message | undefined;
/** A message by its name. */
export declare function message(id: string, language?: Language): Message;
