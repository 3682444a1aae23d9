/**
 * BankID without BankID, in this process: for tests and offline work.
 *
 * ```js
 * import { BankIdClient } from "bankid-kit";
 * import { Simulator } from "bankid-kit/simulator";
 *
 * const simulator = await Simulator.start({ scenario: "phone" });
 * const bankid = new BankIdClient(simulator.clientOptions());
 * const order = await bankid.auth({ endUserIp: "203.0.113.25" });
 * const anna = simulator.phone("anna");
 * await anna.scan(qr(order));
 * await anna.approve();
 * await simulator.stop();
 * ```
 *
 * These are the calls of the control plane (`/_simulator/v1`), without HTTP: same members, same rules. What it refuses
 * rejects with a `SimulatorError`, whose `code` is that of the problem document. Its documents are in `openapi.json`.
 */
import type { BankIdClientOptions } from "./index.js";

export interface SimulatorOptions {
  /** What orders follow about which nothing stronger says anything: a scenario's name, or a timeline. */
  scenario?: string;
  /** What a configuration file would say: an object as the JSON Schema has it, or the text of a TOML or JSON file. */
  config?: SimulatorConfig | string;
  /** The address to listen on; `127.0.0.1` unless said otherwise. */
  listen?: string;
  /** Port for plain HTTP, 0 for a free one (the default), `false` for none. */
  port?: number | false;
  /** Port for mutual TLS, 0 for a free one (the default), `false` for none. */
  tlsPort?: number | false;
  /** Further names and addresses this simulator goes by. */
  names?: readonly string[];
  /** Folder in which the certificates are kept; in memory without it. */
  certsDir?: string;
  /** Lanes begin with their clocks standing still at this moment, in Unix milliseconds. */
  frozenAt?: number;
  /** Makes tokens and error rates repeat from run to run. */
  seed?: number | bigint;
  /** Personas of the configuration may have numbers that may belong to somebody. */
  allowAnyPersonalNumber?: boolean;
  maxOrders?: number;
  maxLanes?: number;
}

/** The configuration file's content; `config.schema.json` describes it. */
export type SimulatorConfig = { readonly [member: string]: unknown };

/** What lane, queue and phone can be told is the same for the simulator itself, whose lane is `default`. */
export declare class Simulator implements LaneCalls {
  /** Rejects with `SimulatorError`: `badConfiguration` with the member, `invalidScenario` with the nearest name, `cannotListen`. */
  static start(options?: SimulatorOptions): Promise<Simulator>;

  /** Base URLs to give to any BankID client: `http://127.0.0.1:40123/rp/v6.0`; `undefined` for what is off. */
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Base URL of the control plane, for other processes. */
  readonly control: string | undefined;
  /** What a client needs for mutual TLS; `undefined` without TLS. */
  readonly certificates: SimulatorCertificates | undefined;

  /**
   * Options for `BankIdClient`: over mutual TLS where there is a TLS port, or over plain HTTP with `plain: true`. With a
   * poll interval of 20 ms, since nobody waits for a person here.
   */
  clientOptions(options?: { lane?: string; plain?: boolean }): BankIdClientOptions;

  /** The lane of this name: an isolated world of orders, queue and clock, made on first use. */
  lane(name: string): Lane;
  lanes(): Promise<LaneFacts[]>;
  deleteLane(name: string): Promise<void>;

  scenarios(): Promise<ScenarioFacts[]>;
  personas(): Promise<PersonaFacts[]>;
  /** The root under which everything in `completionData` is signed, as PEM. */
  userRootPem(): Promise<string>;

  next(outcome: NextOutcome): Promise<void>;
  readonly queue: Queue;
  readonly clock: LaneClock;
  phone(persona?: string): Phone;
  orders(): Promise<SimulatedOrder[]>;
  order(orderRef: string): Promise<SimulatedOrder>;
  nextOrder(options?: NextOrderOptions): Promise<SimulatedOrder>;
  setDefault(scenario: string | null): Promise<void>;
  facts(): Promise<LaneFacts>;
  reset(): Promise<void>;

  /** Closes the ports and lets requests under way end. Rejects if anything had gone wrong inside. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SimulatorCertificates {
  /** The authority to trust, as PEM. */
  readonly ca: string;
  readonly rp: {
    readonly certificate: string;
    readonly key: string;
    readonly pfx: Buffer;
    readonly legacyPfx: Buffer;
    readonly passphrase: string;
  };
}

export interface LaneCalls {
  /** Decides what happens to the next order, or to the next call of some operations; used once, first in first out. */
  next(outcome: NextOutcome): Promise<void>;
  readonly queue: Queue;
  readonly clock: LaneClock;
  /** A person with the BankID app, by name or personal number; the default persona if absent. */
  phone(persona?: string): Phone;
  /** Every order that can be collected, and the last ones that no longer can, the oldest first. */
  orders(): Promise<SimulatedOrder[]>;
  order(orderRef: string): Promise<SimulatedOrder>;
  /** Waits for an order that is started after this call, or after order number `after`. */
  nextOrder(options?: NextOrderOptions): Promise<SimulatedOrder>;
  /** What orders of the lane follow when nothing more particular applies; `null` for what configuration and start say. */
  setDefault(scenario: string | null): Promise<void>;
  facts(): Promise<LaneFacts>;
  /** No orders, an empty queue, no default, the clock as at first. */
  reset(): Promise<void>;
}

export interface Lane extends LaneCalls {
  readonly name: string;
}

export interface NextOrderOptions {
  after?: number;
  signal?: AbortSignal;
}

export type ApiOperation = "auth" | "sign" | "payment" | "otherPayment" | "phoneAuth" | "phoneSign" | "collect" | "cancel";

/** A scenario's name or timeline, alone or with conditions, or an error of the API. */
export type NextOutcome =
  | string
  | { scenario: string; persona?: string; operations?: readonly ApiOperation[]; delay?: string }
  | { error: string; status?: number; details?: string; operations?: readonly ApiOperation[]; delay?: string };

export interface Queue {
  list(): Promise<QueuedOutcome[]>;
  clear(): Promise<void>;
}

export interface QueuedOutcome {
  readonly number: number;
  readonly outcome: string;
  readonly operations: readonly string[];
}

/** The time in a lane. Whoever waits for a time is woken when it changes. Durations are milliseconds, or text: `"30s"`. */
export interface LaneClock {
  read(): Promise<ClockFacts>;
  advance(by: number | string): Promise<ClockFacts>;
  freeze(): Promise<ClockFacts>;
  run(speed?: number): Promise<ClockFacts>;
}

export interface ClockFacts {
  readonly nowMs: number;
  /** 1 is real time, 0 is frozen. */
  readonly speed: number;
}

/** A person with the BankID app. What the order does not allow rejects with `phoneRefused` and the reason. */
export interface Phone {
  readonly persona: string | undefined;
  /** Scans a QR code, whose text is judged at the lane's time. */
  scan(qr: string): Promise<SimulatedOrder>;
  /** Opens a start link, or the app by hand for an order that waits for this person's number. */
  open(startUrl?: string): Promise<SimulatedOrder>;
  approve(options?: { way?: "securityCode" | "biometrics" }): Promise<SimulatedOrder>;
  cancel(): Promise<SimulatedOrder>;
  confirmCall(): Promise<SimulatedOrder>;
  declineCall(): Promise<SimulatedOrder>;
  readDocument(): Promise<SimulatedOrder>;
  /** The order in the app, also when it is over by now. */
  order(): Promise<SimulatedOrder | undefined>;
}

export interface LaneFacts {
  readonly name: string;
  readonly liveOrders: number;
  readonly queued: number;
  readonly clock: ClockFacts;
  readonly scenario?: string;
}

export interface ScenarioFacts {
  readonly name: string;
  readonly about: string;
  readonly steps: string;
  readonly phone?: string;
}

export interface PersonaFacts {
  readonly name: string;
  readonly personalNumber: string;
  readonly givenName: string;
  readonly surname: string;
  readonly issueDate: string;
  readonly scenario?: string;
}

/** The document `Order` of the control plane's OpenAPI description. */
export interface SimulatedOrder {
  readonly orderRef: string;
  /** Its number in the lane, from 1. */
  readonly number: number;
  readonly operation: string;
  readonly status: "pending" | "failed" | "complete";
  readonly hintCode?: string;
  readonly createdMs: number;
  readonly gone?: "collected" | "cancelled" | "forgotten";
  readonly [member: string]: unknown;
}

/** A refused call: the problem document of the control plane as an error. */
export declare class SimulatorError extends Error {
  readonly name: "SimulatorError";
  /** Stable: `invalidMember`, `invalidScenario`, `noSuchOrder`, `phoneRefused`, `alreadyDecided`, ... */
  readonly code: string;
  readonly member: string | undefined;
  /** Why a phone was refused: `stale`, `otherPerson`, ... */
  readonly reason: string | undefined;
  /** The known name that was probably meant. */
  readonly nearest: string | undefined;
  /** How the order had ended already, where somebody else was first. */
  readonly outcome: string | undefined;
}
