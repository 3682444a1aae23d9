/** Which browser this is, and the link that starts the app from it (8), without elements: `bankid-kit/browser/launch`. */

export type Device = "computer" | "mobile";

export interface Browser {
  /** `desktop` is also what is not known to be mobile. */
  readonly platform: "desktop" | "ios" | "android";
  readonly family: "safari" | "chrome" | "firefox" | "edge" | "opera" | "samsung" | "brave" | "duckDuckGo" | "other";
  /** Decides on messages, and on what to offer first. */
  readonly device: Device;
  /** The major version, if the browser tells it. */
  readonly androidVersion?: number;
}

/** What a browser is (8.5); without arguments this one. */
export declare function detectBrowser(userAgent?: string, maxTouchPoints?: number): Browser;

/** `app` is `https://app.bankid.com/`, `scheme` is `bankid:///`. */
export type Link = "app" | "scheme";
/** Which mobile browsers get the app link, since two schools exist (8.3). */
export type AppLinks = "byBrowser" | "everywhere" | "whereKnown";

export interface StartUrlOptions {
  /** This browser's unless said otherwise. */
  userAgent?: string | undefined;
  maxTouchPoints?: number | undefined;
  /** `byBrowser` unless said otherwise. */
  appLinks?: AppLinks | undefined;
  /** Overrides the choice. */
  link?: Link | undefined;
  /** Deprecated by BankID in favour of `returnUrl` in the request (8.2): a URL, or `null` for no return. */
  redirect?: string | null | undefined;
  /** The relying party's reference, 8 to 255 characters after base64 encoding; not on mobile devices. */
  rpRef?: string | Uint8Array | undefined;
}

/** The link that starts the app on this device (8.1): for a button, since most browsers start the app only from a tap. */
export declare function startUrl(order: { readonly autoStartToken: string }, options?: StartUrlOptions): string;

/** The link that a browser needs, this one unless said otherwise, and the one to offer if nothing happens (8.3). */
export declare function startWay(browser?: Browser, appLinks?: AppLinks): { readonly link: Link; readonly fallback: Link | undefined };
