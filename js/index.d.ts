/**
 * Swedish BankID for Node backends: log in, sign, pay and follow an order to its end.
 *
 * ```js
 * import { readFileSync } from "node:fs";
 * import { BankIdClient, environments } from "bankid-kit";
 *
 * const bankid = new BankIdClient({
 *   environment: environments.test,
 *   identity: { pfx: readFileSync("rp.p12"), passphrase: process.env.BANKID_PASSPHRASE },
 * });
 * const order = await bankid.auth({ endUserIp: "203.0.113.25" });
 * for await (const update of bankid.follow(order, { language: "sv" })) {
 *   if (update.status === "pending") show(update.qr, update.message);
 *   else return update;
 * }
 * ```
 *
 * Numbers in parentheses are sections of the protocol reference, `docs/protocol.md`. Times are Unix milliseconds unless
 * the name says otherwise. Everything here may be used from worker threads; nothing blocks the event loop, and no
 * connection that is only kept for the next call holds the process.
 */

// ---------------------------------------------------------------------------------------------- client

/** Where BankID is, and which authority its server certificate must come from (1.1, 1.3). */
export interface Environment {
  /** Base URL with the version, such as `https://appapi2.bankid.com/rp/v6.0`. `http:` is taken for loopback only. */
  readonly baseUrl: string;
  /** The only authorities that are trusted, as PEM; not needed for `http:` and for BankID's own environments. */
  readonly ca?: string | Uint8Array;
}

/** BankID's own environments; the client trusts the root that BankID publishes for each (appendix A). */
export declare const environments: { readonly test: Environment; readonly production: Environment };

/** The relying party's certificate and key, as banks hand them out: PKCS#12, modern or legacy. */
export interface Pkcs12Identity {
  pfx: Uint8Array;
  passphrase: string;
}

/** The relying party's certificate (with intermediates, if any) and key as PEM. */
export interface PemIdentity {
  certificate: string | Uint8Array;
  key: string | Uint8Array;
  /** Of an encrypted key. */
  passphrase?: string;
}

export type Identity = Pkcs12Identity | PemIdentity;

/** What a relying party's certificate says. */
export interface IdentityFacts {
  /** As BankID writes it into signatures (10.4): `cn=FP Testcert 5,name=Test av BankID,...`. */
  readonly subject: string;
  readonly issuer: string;
  /** The name that the app shows to the user, if the certificate has one. */
  readonly displayName?: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whole days until the certificate expires; negative when it has. */
  readonly daysLeft: number;
  /** SHA-256 of the certificate, upper-case hex. */
  readonly fingerprint: string;
}

/** Reads an identity without using it; throws `BankIdError` with the code that the client would. */
export declare function inspectIdentity(identity: Identity): IdentityFacts;

export interface BankIdClientOptions {
  environment: Environment;
  /** Not needed for `http:`. */
  identity?: Identity;
  /** Longest time for a connection with its TLS handshake, waiting for a free one included; 10,000. */
  connectTimeoutMs?: number;
  /** Longest time for an answer once there is a connection; 20,000. */
  requestTimeoutMs?: number;
  /** Largest answer taken, in bytes; 2 MiB. */
  responseLimitBytes?: number;
  /** Most connections at a time; calls beyond wait for one; 128. */
  maxConnections?: number;
  /** How long an unused connection is kept; 30,000. */
  idleTimeoutMs?: number;
  /** Time between two collects of one order in `follow`; 2,000. BankID's own hosts take 1,000 and more (4.4). */
  pollIntervalMs?: number;
  /** How often a call is tried again by itself, where 6.4 says that this is safe; 2. */
  retries?: number;
  /** The pause before a call is tried again that BankID answered 503; 1,000. */
  retryDelayMs?: number;
}

export interface CallOptions {
  /** Ends the call with code `aborted`. What BankID has begun goes on: cancel the order if it is no longer wanted. */
  signal?: AbortSignal;
}

/** A member of a request that BankID does not know, which is most likely misspelt, is refused with `invalidArgument`. */
export interface StartOptions extends CallOptions {
  /** Also refuse personal numbers with a wrong control digit or date, which BankID takes. */
  strict?: boolean;
}

/** A client of BankID's API v6.0 over mutual TLS. Make one and keep it: connections are shared by its calls. */
export declare class BankIdClient {
  /** Throws `BankIdError`: `badConfiguration`, `wrongPassphrase`, `missingKey`, `certificateExpired`, ... */
  constructor(options: BankIdClientOptions);

  /** Identification (2.5). */
  auth(request: AuthRequest, options?: StartOptions): Promise<Order>;
  /** Signature over a text (2.6). */
  sign(request: SignRequest, options?: StartOptions): Promise<Order>;
  /** Approval of a payment or card action (2.7). */
  payment(request: PaymentRequest, options?: StartOptions): Promise<Order>;
  /** The same, the user pointed out by personal number (2.8). */
  otherPayment(request: OtherPaymentRequest, options?: StartOptions): Promise<OrderByNumber>;
  /** Identification during a phone call (2.9). */
  phoneAuth(request: PhoneAuthRequest, options?: StartOptions): Promise<OrderByNumber>;
  /** Signature during a phone call (2.9). */
  phoneSign(request: PhoneSignRequest, options?: StartOptions): Promise<OrderByNumber>;

  /** How an order stands (4). BankID gives a final answer once: collect from one place only, or use `follow`. */
  collect(order: OrderRefLike, options?: CallOptions): Promise<Collect>;
  /** Ends an order (5.3). */
  cancel(order: OrderRefLike, options?: CallOptions): Promise<void>;

  /**
   * Follows an order until it is over: polls at the permitted pace, one call at a time, and yields whenever there is
   * something new to show, the QR code's text each second included. The last update is `complete` or `failed`.
   * Leaving the loop early, or an abort, ends it (and cancels the order with `cancelWhenStopped`).
   */
  follow(order: Order | OrderByNumber, options?: FollowOptions): OrderUpdates;

  /** The certificate in use. Not there without one (plain HTTP to a simulator). */
  readonly identity: IdentityFacts | undefined;
  /** Uses another certificate from the next connection on. */
  replaceIdentity(identity: Identity): void;

  /** Lets kept connections go; calls under way end as usual, later ones are refused with `badConfiguration`. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

// ---------------------------------------------------------------------------------------------- requests

/** Text that the app shows, and what is signed besides. */
interface Texts {
  /** The text itself; it is encoded for BankID. With `userVisibleDataEncoding: "base64"` it is sent as it is. */
  userVisibleData?: string;
  userVisibleDataEncoding?: "text" | "base64";
  /** Absent: plain text. */
  userVisibleDataFormat?: "plaintext" | "simpleMarkdownV1";
  /** Signed but not shown. Text is taken as UTF-8, and encoded; with `userNonVisibleDataEncoding: "base64"` it is sent as it is. */
  userNonVisibleData?: string | Uint8Array;
  userNonVisibleDataEncoding?: "text" | "base64";
}

/** Facts about the relying party's own app (2.4); not together with `web`. */
export interface App {
  appIdentifier?: string;
  deviceOS?: string;
  deviceModelName?: string;
  deviceIdentifier?: string;
}

/** Facts about the browser (2.4); not together with `app`. */
export interface Web {
  referringDomain?: string;
  /** Cut to the 256 characters that BankID takes. */
  userAgent?: string;
  deviceIdentifier?: string;
}

interface SameDevice {
  /** Where the app sends the user afterwards (8.4), 1 to 512 characters. */
  returnUrl?: string;
  /** Whether `completionData.risk` is wanted. */
  returnRisk?: boolean;
  app?: App;
  web?: Web;
}

/** Conditions on how an order may be completed (2.3). */
export interface RequirementByNumber {
  pinCode?: boolean;
  mrtd?: boolean;
  cardReader?: "class1" | "class2";
  certificatePolicies?: readonly string[];
}

export interface Requirement extends RequirementByNumber {
  /** Only this person may complete the order. */
  personalNumber?: string;
}

export interface AuthRequest extends Texts, SameDevice {
  /** Address of the user's device as the relying party sees it. */
  endUserIp: string;
  requirement?: Requirement;
}

export interface SignRequest extends AuthRequest {
  userVisibleData: string;
}

export type RiskFlag =
  | "newCard" | "newCustomer" | "newRecipient" | "highRiskRecipient" | "largeAmount" | "foreignCurrency"
  | "cryptoCurrencyPurchase" | "moneyTransfer" | "overseasTransaction" | "recurringPayment"
  | "suspiciousPaymentPattern" | "other";

/** What is being paid (2.7). */
export interface UserVisibleTransaction {
  transactionType: "card" | "npa";
  recipient: { name: string };
  money?: { amount: string; currency: string };
  riskWarning?: RiskFlag;
}

interface Transaction extends Texts, SameDevice {
  userVisibleTransaction: UserVisibleTransaction;
  riskFlags?: readonly RiskFlag[];
}

export interface PaymentRequest extends Transaction {
  endUserIp: string;
  requirement?: Requirement;
}

export interface OtherPaymentRequest extends Transaction {
  personalNumber: string;
  requirement?: RequirementByNumber;
}

export interface PhoneAuthRequest extends Texts {
  personalNumber: string;
  /** Who placed the call. */
  callInitiator: "user" | "RP";
  requirement?: RequirementByNumber;
}

export interface PhoneSignRequest extends PhoneAuthRequest {
  userVisibleData: string;
}

// ---------------------------------------------------------------------------------------------- answers

export type Operation = "auth" | "sign" | "payment" | "otherPayment" | "phoneAuth" | "phoneSign";

/**
 * An order that has been started: a plain object, so that it can lie in a session and be followed by another process.
 * `qrStartSecret` and `autoStartToken` stay on the backend (7.4).
 */
export interface Order {
  readonly operation: Operation;
  readonly orderRef: string;
  readonly autoStartToken: string;
  readonly qrStartToken: string;
  readonly qrStartSecret: string;
  /** When BankID's answer arrived, from which the QR code's seconds count. */
  readonly receivedAt: number;
  /** Members of BankID's answer that this version does not know. */
  readonly [member: string]: unknown;
}

/** An order whose user is reached by personal number, so that there is no code and no start link. */
export interface OrderByNumber {
  readonly operation: Operation;
  readonly orderRef: string;
  readonly receivedAt: number;
  readonly [member: string]: unknown;
}

export type OrderRefLike = string | { readonly orderRef: string };

/** Why a pending order is still pending (4.2). BankID adds hints without notice. */
export type PendingHint =
  | "outstandingTransaction" | "noClient" | "started" | "userMrtd" | "userCallConfirm" | "userSign" | "processing"
  | "userStepUp" | "userFace" | (string & {});

/** Why a failed order failed (4.3). BankID adds hints without notice. */
export type FailedHint =
  | "expiredTransaction" | "certificateErr" | "userCancel" | "cancelled" | "startFailed" | "userDeclinedCall"
  | "notSupportedByUserApp" | "transactionRiskBlocked" | "mrtdVerificationFailed" | "facialRecognitionFailed"
  | "nfcNotSupportedByDevice" | "multipleBankIdsOnDevice" | "stepUpFailed" | (string & {});

export interface CollectPending {
  readonly orderRef: string;
  readonly status: "pending";
  readonly hintCode?: PendingHint;
}

export interface CollectFailed {
  readonly orderRef: string;
  readonly status: "failed";
  readonly hintCode?: FailedHint;
}

export interface CollectComplete {
  readonly orderRef: string;
  readonly status: "complete";
  readonly completionData: CompletionData;
}

/** The answer of collect (4.1); members that this version does not know are kept. */
export type Collect = CollectPending | CollectFailed | CollectComplete;

/** Who completed an order, and the evidence of it (4.5). Keep all of it. */
export interface CompletionData {
  readonly user: {
    readonly personalNumber: string;
    readonly name: string;
    readonly givenName: string;
    readonly surname: string;
  };
  readonly device: { readonly ipAddress: string; readonly uhi?: string };
  /** Such as `2023-11-29Z`. */
  readonly bankIdIssueDate?: string;
  readonly stepUp?: { readonly mrtd?: boolean };
  /** base64 of the XML signature (10). */
  readonly signature: string;
  /** base64 of the OCSP response (10.7). */
  readonly ocspResponse: string;
  readonly risk?: "low" | "moderate" | "high" | (string & {});
}

// ---------------------------------------------------------------------------------------------- follow

export type Language = "sv" | "en";
export type Device = "computer" | "mobile";
/**
 * How the user gets to the order: by QR code on another device, by a link on this one, or by opening the app, which knows
 * of the order by the personal number.
 */
export type StartMode = "qr" | "autostart" | "byNumber";

export interface FollowOptions {
  signal?: AbortSignal;
  /** Of the messages; Swedish unless said otherwise. */
  language?: Language;
  /** What shows the messages; a computer unless said otherwise, or as `userAgent` says. */
  device?: Device;
  /** Which messages fit; `qr` unless said otherwise, and `byNumber` for an order by personal number. */
  startMode?: StartMode;
  /** The browser's, for the start link that fits it (8.3) and, without `device`, for the messages. */
  userAgent?: string;
  /** `navigator.maxTouchPoints`, by which an iPad is told from a Mac (8.5). */
  maxTouchPoints?: number;
  /** Cancels the order at BankID when the loop is left, or aborted, before the order is over. */
  cancelWhenStopped?: boolean;
  /**
   * Starts the same order again, at most so often, when nobody scanned its code in time (7.1); 0 unless said otherwise,
   * and in start mode `qr` only. The update in which that happens has the new order as `order`. Only for orders that this
   * client started.
   */
  restarts?: number;
}

interface Progress {
  readonly orderRef: string;
  /** Text for the user (9), in the language asked for. */
  readonly message: string;
  /** When this was so. */
  readonly at: number;
  /** The new order, where the previous one was started again. */
  readonly order?: Order;
}

export interface PendingUpdate extends Progress {
  readonly status: "pending";
  readonly hintCode?: PendingHint;
  /** The text to draw as QR code for the current second, while it is to be shown (7.3). */
  readonly qr?: string;
  /** The link that starts the app on this device (8.1). */
  readonly startUrl?: string;
}

export interface FailedUpdate extends Progress {
  readonly status: "failed";
  readonly hintCode?: FailedHint;
}

export interface CompleteUpdate extends Progress {
  readonly status: "complete";
  readonly completionData: CompletionData;
}

/** One step of an order, for the backend. What a browser may see of it: `toBrowser(update)`. */
export type OrderUpdate = PendingUpdate | FailedUpdate | CompleteUpdate;

/** An async iterator of updates. Rejects with `BankIdError` when BankID or the network refuses for good. */
export interface OrderUpdates extends AsyncIterableIterator<OrderUpdate, void, void> {
  /** Ends it, as leaving the loop does. */
  return(): Promise<IteratorReturnResult<void>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What the browser of the user who started the order may see: no `orderRef`, no secret, no result. */
export interface BrowserUpdate {
  readonly status: "pending" | "failed" | "complete";
  readonly hintCode?: string;
  readonly qr?: string;
  readonly message: string;
  readonly startUrl?: string;
  readonly at: number;
}

export declare function toBrowser(update: OrderUpdate): BrowserUpdate;

// ---------------------------------------------------------------------------------------------- errors

/**
 * What a failed call may do next (6.4): `never` try again by itself; `safeNow` since nothing has reached BankID; `later`,
 * after a pause; `nextPoll`, at the next tick; `once` more.
 */
export type Retry = "never" | "safeNow" | "later" | "nextPoll" | "once";

export type BankIdErrorCode =
  // BankID's (6.2). `invalidParameters` without `status` was found here, before anything was sent.
  | "alreadyInProgress" | "invalidParameters" | "unauthorized" | "notFound" | "methodNotAllowed" | "requestTimeout"
  | "unsupportedMediaType" | "internalError" | "maintenance"
  // Ours.
  | "timeout" | "connectionFailed" | "tlsFailed" | "badAnswer" | "resultLost" | "completionRefused" | "aborted"
  | "invalidArgument" | "badConfiguration" | "badIdentity" | "wrongPassphrase" | "missingKey" | "severalKeys"
  | "keyMismatch" | "certificateExpired" | "certificateNotYetValid" | "internal"
  // BankID may add codes at any time.
  | (string & {});

/** Everything that this package throws or rejects with. The stack is that of the caller, or of who awaits. */
export declare class BankIdError extends Error {
  readonly name: "BankIdError";
  readonly code: BankIdErrorCode;
  /** BankID's text for developers (6.3); never for users, never to decide by. */
  readonly details: string | undefined;
  /** HTTP status, where BankID has answered. */
  readonly status: number | undefined;
  /** The member at fault, as a path of wire names: `requirement.cardReader`. */
  readonly member: string | undefined;
  readonly retry: Retry;
  /** The completion that `completionRefused` is about: it cannot be collected again. Not enumerable. */
  readonly completionData?: CompletionData;
}

// ---------------------------------------------------------------------------------------------- QR code

/** The text of an order's QR code at a moment, now unless said otherwise (7.1). */
export declare function qr(order: QrOrder, at?: number): string;
/** Texts for `count` seconds in a row from elapsed second `from`. For tests: never send codes in advance (7.4). */
export declare function qrFrames(order: QrTokens, from: number, count: number): string[];
/** Prepares the codes of an order; worth it from the tenth code on. */
export declare function qrKey(order: QrTokens): QrKey;

export interface QrTokens {
  readonly qrStartToken: string;
  readonly qrStartSecret: string;
}

export interface QrOrder extends QrTokens {
  readonly receivedAt: number;
}

export interface QrKey {
  /** The text for a whole number of elapsed seconds. */
  frame(elapsedSeconds: number): string;
}

/** What is drawn: a text, such as `update.qr`, or an order, whose text is made for the moment. */
export type QrSource = string | QrOrder;

export interface QrPathOptions {
  /** The moment for an order's text; now unless said otherwise. */
  at?: number;
}

export interface QrImageOptions extends QrPathOptions {
  /** How much may be damaged: `L`, about 7 %, is what BankID uses (7.3), `M` about 15 %; `L` unless said otherwise. */
  level?: "L" | "M";
}

export interface QrPngOptions extends QrImageOptions {
  /** Pixels of a module in each direction, from 1 to 64; 8 unless said otherwise, which makes 392 in all of a BankID code. */
  scale?: number;
}

/**
 * The `d` of one SVG path of a BankID code, for a page that draws nothing itself (`path` of `<bankid-qr>`): always in a
 * `viewBox` of `0 0 49 49`, quiet zone included. The text has at most 134 bytes.
 */
export declare function qrPath(source: QrSource, options?: QrPathOptions): string;
/** A whole `<svg>`, dark on light with its quiet zone, as large as it is shown. The text has at most 200 bytes. */
export declare function qrSvg(source: QrSource, options?: QrImageOptions): string;
/** The same as a PNG file. */
export declare function qrPng(source: QrSource, options?: QrPngOptions): Buffer;

/** What is wrong with a scanned text; `undefined` if nothing is. */
export declare function checkQr(text: string, order: QrTokens, elapsedSeconds: number, toleranceSeconds?: number): QrFault | undefined;

export interface QrFault {
  readonly reason: "notABankIdCode" | "unknownToken" | "wrongAuthCode" | "stale" | "early";
  /** In words, with the seconds. */
  readonly message: string;
}

// ---------------------------------------------------------------------------------------------- launch

export interface Browser {
  /** `desktop` is also what is not known to be mobile. */
  readonly platform: "desktop" | "ios" | "android";
  readonly family: "safari" | "chrome" | "firefox" | "edge" | "opera" | "samsung" | "brave" | "duckDuckGo" | "other";
  /** Decides on messages, and on what to offer first. */
  readonly device: Device;
}

export declare function detectBrowser(userAgent: string, maxTouchPoints?: number): Browser;

export interface StartUrlOptions {
  /** Chooses between app link and `bankid:` as 8.3 says; a computer unless said otherwise. */
  userAgent?: string;
  maxTouchPoints?: number;
  /** Which mobile browsers get the app link, since two schools exist (8.3); `byBrowser` unless said otherwise. */
  appLinks?: "byBrowser" | "everywhere" | "whereKnown";
  /** Overrides the choice: `app` is `https://app.bankid.com/` (also for native apps), `scheme` is `bankid:///`. */
  link?: "app" | "scheme";
  /** Deprecated by BankID in favour of `returnUrl` in the request (8.2): a URL, or `null` for no return. */
  redirect?: string | null;
  /** The relying party's reference, 8 to 255 characters after base64 encoding; not on mobile devices. */
  rpRef?: string | Uint8Array;
}

/** The link that starts the app on this device (8.1). */
export declare function startUrl(order: { readonly autoStartToken: string }, options?: StartUrlOptions): string;

/** The `returnUrl` that brings the user back to `page` in this browser (8.3), with the nonce (8.4). */
export declare function returnUrl(page: string, options: { userAgent?: string; maxTouchPoints?: number; nonce?: string }): string;
/** A fresh nonce for `returnUrl`: 16 random bytes, as text. */
export declare function newNonce(): string;
/** Whether the URL that the user came back by carries the nonce. */
export declare function nonceIsIn(returned: string, nonce: string): boolean;

// ---------------------------------------------------------------------------------------------- messages

export interface Message {
  /** `RFA1` to `RFA30`. */
  readonly id: string;
  readonly text: string;
  /** Whether the wording is BankID's; ours where that is not known. */
  readonly official: boolean;
}

export interface MessageOptions {
  language?: Language;
  device?: Device;
  startMode?: StartMode;
}

/** The recommended message for a state, a hint or an error (9.1); `undefined` for a completed order. */
export declare function messageFor(
  event: { readonly status: "pending" | "failed" | "complete"; readonly hintCode?: string } | { readonly errorCode: string } | BankIdError,
  options?: MessageOptions,
): Message | undefined;
/** A message by its name. */
export declare function message(id: string, language?: Language): Message;

// ---------------------------------------------------------------------------------------------- personal numbers

export interface PersonalNumberFacts {
  readonly checkDigitOk: boolean;
  readonly realDate: boolean;
  readonly coordinationNumber: boolean;
  /** Whether the number follows a pattern that belongs to nobody (11.1). */
  readonly safeTestNumber: boolean;
}

/** Facts about 12 digits; `undefined` for any other text (13.1). */
export declare function personalNumber(text: string): PersonalNumberFacts | undefined;

// ---------------------------------------------------------------------------------------------- simpleMarkdownV1

export interface MarkdownFault {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
  /** As BankID says it: `At (5, 1): ...`. */
  readonly message: string;
}

export type Inline = { readonly type: "plain" | "strong"; readonly text: string };

export type MarkdownBlock =
  | { readonly type: "heading"; readonly level: 1 | 2 | 3; readonly text: readonly Inline[] }
  | { readonly type: "rule" }
  | { readonly type: "unorderedList"; readonly items: readonly (readonly Inline[])[] }
  | { readonly type: "orderedList"; readonly items: readonly { readonly number: number; readonly text: readonly Inline[] }[] }
  | {
      readonly type: "table";
      readonly alignments: readonly ("default" | "left" | "center" | "right")[];
      readonly header: readonly Inline[];
      readonly rows: readonly (readonly Inline[])[];
    }
  | { readonly type: "paragraph"; readonly lines: readonly (readonly Inline[])[] };

/** What BankID would refuse in a simpleMarkdownV1 text (13.3); `undefined` if nothing. */
export declare function checkMarkdown(text: string): MarkdownFault | undefined;
/** The blocks of the text, to show it as the app does; throws `BankIdError` (`invalidArgument`) for a faulty text. */
export declare function previewMarkdown(text: string): MarkdownBlock[];
