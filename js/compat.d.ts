/**
 * The calls and errors of the npm package `bankid` (3.x), on this package's client: change the import, keep the code.
 *
 * ```js
 * import { BankIdClientV6 } from "bankid-kit/compat";   // was: from "bankid"
 * ```
 *
 * What differs, all of it:
 * - Connections are kept, and calls have timeouts. Legacy PKCS#12 opens. CA certificates inside `pfx` are never trusted.
 * - No certificate is bundled: `pfx` is needed in test, too. A file that does not open rejects the calls with its reason.
 * - Redirects are not followed, and no proxy of the environment is used.
 * - There is no `axios` member, nor `createAxiosInstance`. `baseUrl` says where to connect instead, and `options.ca` stays as it was given.
 * - `awaitPendingCollect` waits `refreshInterval` after each answer, so that there are never two collects under way.
 * - `RequestError` has the reason as `cause`, and as `request` only `{ method, path }`; a good status without JSON is one.
 * - `collect()` and `cancel()` without parameters are refused by BankID as `invalidParameters`.
 * - The timers that forget QR tokens do not hold the process, and seconds before the start of an order count as none.
 * - The enumerations are frozen. The module is ESM; `require` takes it from Node 20.19 on.
 */
import type {
  CollectComplete, CompletionData, Environment, FailedHint, PendingHint, Requirement, RequirementByNumber,
} from "./index.js";

export interface AuthRequestV5 {
  endUserIp: string;
  personalNumber?: string;
  requirement?: {
    cardReader?: "class1" | "class2";
    certificatePolicies?: string[];
    issuerCn?: string[];
    autoStartTokenRequired?: boolean;
    tokenStartRequired?: boolean;
    allowFingerprint?: boolean;
  };
  userVisibleData?: string;
  userVisibleDataFormat?: "simpleMarkdownV1";
  userNonVisibleData?: string;
}

export interface AuthRequestV6 {
  endUserIp: string;
  requirement?: Requirement;
  userVisibleData?: string;
  userVisibleDataFormat?: "simpleMarkdownV1";
  userNonVisibleData?: string;
  returnUrl?: string;
  returnRisk?: boolean;
}

export interface SignRequest extends AuthRequestV5 {
  userVisibleData: string;
}

export interface AuthResponse {
  orderRef: string;
  autoStartToken: string;
  qrStartToken: string;
  qrStartSecret: string;
}

export interface SignResponse extends AuthResponse {}
export interface AuthResponseV6 extends AuthResponse { qr?: QrGenerator }
export interface SignResponseV6 extends AuthResponseV6 {}
export interface CollectRequest { orderRef: string }
export interface CancelRequest extends CollectRequest {}
export interface CancelResponse {}

export type FailedHintCode = FailedHint;
export type PendingHintCode = PendingHint;

export interface CollectResponseV5 {
  orderRef: string;
  status: "pending" | "failed" | "complete";
  hintCode?: FailedHintCode | PendingHintCode;
  completionData?: Omit<CompletionData, "bankIdIssueDate" | "stepUp" | "risk"> & { cert: { notBefore: string; notAfter: string } };
}

export interface CollectResponseV6 extends Omit<CollectResponseV5, "completionData"> {
  completionData?: CollectComplete["completionData"];
}

export type CollectResponse = CollectResponseV5 | CollectResponseV6;

export declare enum BankIdErrorCode {
  ALREADY_IN_PROGRESS = "alreadyInProgress",
  INVALID_PARAMETERS = "invalidParameters",
  UNAUTHORIZED = "unauthorized",
  NOT_FOUND = "notFound",
  METHOD_NOT_ALLOWED = "methodNotAllowed",
  REQUEST_TIMEOUT = "requestTimeout",
  UNSUPPORTED_MEDIA_TYPE = "unsupportedMediaType",
  INTERNAL_ERROR = "internalError",
  MAINTENANCE = "maintenance",
}

export declare enum BankIdMethod { auth = "auth", sign = "sign", collect = "collect", cancel = "cancel" }

/** The message of a `RequestError`. */
export declare const REQUEST_FAILED_ERROR = "BANKID_NO_RESPONSE";

/** BankID refused the call. */
export declare class BankIdError extends Error {
  readonly code: BankIdErrorCode;
  readonly details?: string;
  constructor(code: BankIdErrorCode, details?: string);
}

/** BankID could not be reached, or did not answer; `cause` says why. */
export declare class RequestError extends Error {
  readonly request?: unknown;
  constructor(request?: unknown);
}

export interface BankIdClientSettings {
  production: boolean;
  /** Time between two collects of `awaitPendingCollect`, in milliseconds; 2,000. */
  refreshInterval?: number;
  /** A file's path or its content. */
  pfx?: string | Buffer;
  passphrase?: string;
  /** A file's path or its content; BankID's own authority without it. */
  ca?: string | Buffer;
  /** Not in `bankid`: another base URL, with `ca`, such as a simulator's `https://localhost:8011/rp/` (the version is added). */
  baseUrl?: string;
}

export interface BankIdClientSettingsV6 extends BankIdClientSettings {
  qrEnabled?: boolean;
  qrOptions?: QrGeneratorOptions;
}

/** Speaks v5.1, as the class of this name in `bankid` does. */
export declare class BankIdClient {
  readonly options: Required<BankIdClientSettings>;
  version: string;
  constructor(options?: BankIdClientSettings);
  authenticate(parameters: AuthRequestV5): Promise<AuthResponse>;
  sign(parameters: SignRequest): Promise<SignResponse>;
  collect(parameters: CollectRequest): Promise<CollectResponse>;
  cancel(parameters: CollectRequest): Promise<CancelResponse>;
  authenticateAndCollect(parameters: AuthRequestV5): Promise<CollectResponse>;
  signAndCollect(parameters: SignRequest): Promise<CollectResponse>;
  /** Resolves when the order is complete; rejects with the answer when it has failed. */
  awaitPendingCollect(orderRef: string): Promise<CollectResponse>;
  /** @deprecated The earlier name of `awaitPendingCollect`; it warns. */
  _awaitPendingCollect(orderRef: string): Promise<CollectResponse>;
}

/** Speaks v6.0. */
export declare class BankIdClientV6 extends BankIdClient {
  readonly options: Required<BankIdClientSettingsV6>;
  constructor(options: BankIdClientSettingsV6);
  authenticate(parameters: AuthRequestV6): Promise<AuthResponseV6>;
  sign(parameters: SignRequest | (AuthRequestV6 & { userVisibleData: string })): Promise<SignResponseV6>;
  collect(parameters: CollectRequest): Promise<CollectResponseV6>;
}

export interface QrCacheEntry { startTime: number; qrStartToken: string; qrStartSecret: string }

export interface QrGeneratorCache {
  get(key: string): Promise<QrCacheEntry | undefined>;
  set(key: string, value: QrCacheEntry): Promise<undefined>;
  delete(key: string): Promise<boolean>;
}

export type QrGeneratorOptions = { customCache: QrGeneratorCache } | { orderTTL: number };

export declare class QrGenerator {
  cache: QrGeneratorCache;
  orderRef: string | null;
  static defaultOptions: { readonly orderTTL: 60 };
  constructor(resp: AuthResponse | null, options?: QrGeneratorOptions);
  static latestQrFromCache(orderRef: string, customCache?: QrGeneratorCache): Promise<string | void>;
  nextQr(orderRef: string, options?: { maxCycles?: number; timeout?: number }): AsyncGenerator<string, void, unknown>;
}
