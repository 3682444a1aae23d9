/**
 * BankID in the page: `<bankid-qr>`, `<bankid-login>`, start links and messages. No framework, and nothing from a server.
 *
 * ```html
 * <bankid-login start-action="/bankid/login" src="/bankid/events" cancel-action="/bankid/cancel"></bankid-login>
 * <script type="module">
 *   import "bankid-kit/browser";
 *   document.querySelector("bankid-login").addEventListener("complete", () => location.assign("/welcome"));
 * </script>
 * ```
 *
 * Importing it defines the elements; on a server, where there are none, it does nothing. Numbers in parentheses are sections of
 * the protocol reference, `docs/protocol.md`; which entry to choose, content security policy and theming: `docs/browser.md`.
 */
export * from "./launch.js";
export * from "./messages.js";

/** How an order stands, as `toBrowser` of `bankid-kit` makes it for the page. */
export interface BrowserUpdate {
  readonly status: "pending" | "failed" | "complete";
  readonly hintCode?: string | undefined;
  /** The text of the QR code of this second, while it is to be shown. */
  readonly qr?: string | undefined;
  /** The same, drawn by the backend (`qrPath`), for pages whose policy forbids WebAssembly. */
  readonly path?: string | undefined;
  /** For the user: text, or text by language. */
  readonly message?: LocalText | undefined;
  /** The link that starts the app on this device. */
  readonly startUrl?: string | undefined;
  /** When this was so, by the server's clock, in Unix milliseconds. */
  readonly at?: number | undefined;
  /** What else the backend says. */
  readonly [member: string]: unknown;
}

export type LocalText = string | { readonly sv?: string | undefined; readonly en?: string | undefined };

/** What draws: a module of this package. */
export interface Drawer {
  load(): Promise<void>;
  loaded(): boolean;
  qrPath(text: string): string;
  qrText?(qrStartToken: string, qrStartSecret: string, seconds: number): string;
}

/** What the codes are computed from in the page, with `bankid-kit/browser/hmac` (7.4 says why rather not). */
export interface QrTokens {
  readonly qrStartToken: string;
  readonly qrStartSecret: string;
  /** When the backend got them, by its clock, in Unix milliseconds. */
  readonly receivedAt?: number | undefined;
  /** What time it was by the same clock when it handed them to the page; `receivedAt` unless said otherwise. */
  readonly at?: number | undefined;
}

/**
 * `waiting` for a code; `shown`; `paused` while nobody can see the page; `over`, since the order has been picked up or has ended;
 * `failed`: it cannot be drawn.
 */
export type QrState = "waiting" | "shown" | "paused" | "over" | "failed";

export interface BankIdQrEvents {
  statechange: CustomEvent<null>;
  /** The stream said something. */
  update: CustomEvent<BrowserUpdate>;
  /** The stream has ended, and the order had not. */
  lost: CustomEvent<null>;
}

/**
 * `<bankid-qr>`: the animated code of an order, and the button that starts the app on this device. Give it one of: `src`,
 * `update`, `text`, `path`, `tokens`. A code that is not followed by the next one is taken away before it is stale.
 *
 * Attributes: `src`, `text`, `path`, `hint-code`, `start-url`, `lang`, `crossorigin="use-credentials"`.
 */
export declare class BankIdQr extends HTMLElement {
  static drawer: Drawer | undefined;
  /** What draws this one, if not what the entry has chosen. */
  drawer: Drawer | undefined;
  readonly state: QrState;

  /** A stream of server-sent events, each a `BrowserUpdate` as JSON. */
  get src(): string | undefined;
  set src(src: string | undefined);
  /** The last update, from the stream or from the page. */
  get update(): BrowserUpdate | undefined;
  set update(update: BrowserUpdate | undefined);

  /** The code's text for this second, which the page sets anew each second. */
  set text(text: string | undefined);
  /** The code's path for this second, made by `qrPath` of `bankid-kit` on the backend. */
  set path(path: string | undefined);
  set tokens(tokens: QrTokens | undefined);
  /** With any but `outstandingTransaction` and `noClient` there is no code to be shown (7.3). */
  get hintCode(): string | undefined;
  set hintCode(hintCode: string | undefined);
  /** Shows the button that starts the app; what is no start link is not taken. */
  get startUrl(): string | undefined;
  set startUrl(url: string | undefined);

  addEventListener<Name extends keyof BankIdQrEvents>(
    type: Name, listener: (this: BankIdQr, event: BankIdQrEvents[Name]) => unknown, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

export interface BankIdLoginEvents {
  start: CustomEvent<{ readonly startMode: "qr" | "autostart" }>;
  update: CustomEvent<BrowserUpdate>;
  /** The order is complete. Who the user is, only the backend knows: ask it. */
  complete: CustomEvent<BrowserUpdate>;
  /** Something failed. `preventDefault` keeps it from the user: go on with `fail`, `resume` or `reset`. */
  failed: CustomEvent<{ readonly hintCode?: string | undefined; readonly message?: LocalText | undefined }>;
  cancel: CustomEvent<null>;
}

/**
 * `<bankid-login>`: from the choice of device to the end of an order.
 *
 * Attributes: `start-action` and `cancel-action`, which it calls by `POST` with JSON; `src`, the stream of updates;
 * `lang`; `crossorigin="use-credentials"` for backends of another origin.
 */
export declare class BankIdLogin extends HTMLElement {
  readonly view: "choice" | "waiting" | "failed" | "done";
  readonly startMode: "qr" | "autostart" | undefined;
  /** Further members of the body that starts an order, beside `startMode`, `language` and `maxTouchPoints`; or what makes them, for each start. */
  data: Record<string, unknown> | (() => Record<string, unknown> | Promise<Record<string, unknown>>);
  /** Makes the requests; wrap it to add a header. */
  fetch: (url: string, options: RequestInit) => Promise<Response>;
  /** How often an order is started again whose code nobody has scanned; 4. */
  restarts: number;

  /** Starts an order: by QR code on a computer and by the app on a mobile device, unless said otherwise. */
  start(startMode?: "qr" | "autostart"): Promise<void>;
  /** Shows an order that is under way already: after a reload, or when the app has opened the page. */
  resume(startMode: "qr" | "autostart"): void;
  cancel(): Promise<void>;
  /** Shows a failure, and offers to try again. */
  fail(message?: LocalText): void;
  reset(): void;

  addEventListener<Name extends keyof BankIdLoginEvents>(
    type: Name, listener: (this: BankIdLogin, event: BankIdLoginEvents[Name]) => unknown, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "bankid-qr": BankIdQr;
    "bankid-login": BankIdLogin;
  }
}
