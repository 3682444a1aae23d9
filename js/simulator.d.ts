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
 * Calls take effect in the order in which they are made, awaited or not.
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
  /** What callers of the control plane's port must bring as bearer token. Calls from this process need none. */
  controlToken?: string;
}

/** The configuration file's content; `config.schema.json` describes it. */
export type SimulatorConfig = { readonly [member: string]: unknown };

/**
 * A simulator that listens until it is stopped. Like any server it holds the process meanwhile: `stop` it, or `unref` it.
 *
 * What lane, queue and phone can be told is the same for the simulator itself, whose lane is `default`.
 */
export declare class Simulator {
  private constructor();
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

  /** Lets the process end although the simulator runs. */
  unref(): this;
  /** Takes `unref` back. */
  ref(): this;

  /** Closes the ports and lets requests under way end. Rejects if anything had gone wrong inside. Later calls: `stopped`. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Simulator extends LaneCalls {}

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
  /** Waits for an order that is started after this call, or after order number `after`. An abort rejects with `aborted`. */
  nextOrder(options?: NextOrderOptions): Promise<SimulatedOrder>;
  /** What orders of the lane follow when nothing more particular applies; `null` for what configuration and start say. */
  setDefault(scenario: string | null): Promise<void>;
  /** Rejects with `noSuchLane` before the lane's first use. */
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
  | { scenario: string; error?: never; persona?: string; operations?: readonly ApiOperation[] }
  | { error: string; scenario?: never; status?: number; details?: string; operations?: readonly ApiOperation[]; delay?: string };

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

/** An order as the simulator knows it. */
export interface SimulatedOrder {
  readonly orderRef: string;
  /** Its number in the lane, from 1, in the order of creation. */
  readonly number: number;
  /** The path of the operation that started it, such as `phone/auth`. */
  readonly operation: string;
  readonly version: "v5.1" | "v6.0";
  /** When it was started, on the lane's clock. */
  readonly createdMs: number;
  readonly status: "pending" | "failed" | "complete";
  readonly hintCode?: string;
  /** Why it can no longer be collected, if that is so. */
  readonly gone?: "collected" | "cancelled" | "forgotten";
  /** The personal number it carries. */
  readonly personalNumber?: string;
  /** The personal number of whoever has it in the app or will complete it, if that is somebody in particular. */
  readonly person?: string;
  /** What it follows: the name of a scenario, or steps. */
  readonly scenario: string;
  /** The rule that decided that. */
  readonly rule: SimulatorRule;
  /** The number of the queue's entry, if that decided. */
  readonly queueNumber?: number;
  readonly request: SimulatedRequest;
  /** What happened so far, the oldest first. */
  readonly steps: readonly SimulatedStep[];
}

/** What decides what happens to an order, the strongest first. */
export type SimulatorRule =
  | "phone" | "queue" | "marker" | "reservedNumber" | "persona" | "operation" | "lane" | "config" | "flag" | "builtIn";

/** What an order shows to the user, and what it asks of them. Texts are gone with the order. */
export interface SimulatedRequest {
  /** The text shown, decoded. */
  readonly text?: string;
  readonly format?: string;
  readonly returnUrl?: string;
  readonly transaction?: {
    readonly transactionType: string;
    readonly recipient: string;
    readonly money?: { readonly amount: string; readonly currency: string };
    readonly riskWarning?: string;
  };
  readonly callInitiator?: string;
  readonly pinCode: boolean;
  readonly mrtd: boolean;
  /** Empty means all. */
  readonly certificatePolicies: readonly string[];
}

export interface SimulatedStep {
  /** A step of the scenario as it is written there, or an action in words. */
  readonly what: string;
  readonly by: "scenario" | "phone" | "deadline" | "otherOrder" | "relyingParty";
  /** The rule that chose the scenario, for its steps. */
  readonly rule?: SimulatorRule;
  /** When, if that is known, on the lane's clock. */
  readonly atMs?: number;
}

/** Stable words. */
export type SimulatorErrorCode =
  // Of the control plane; those that HTTP alone can meet are left out.
  | "invalidMember" | "invalidScenario" | "noSuchLane" | "noSuchOrder" | "alreadyDecided" | "phoneRefused" | "bodyTooLarge"
  | "full" | "internal" | "stopped"
  // Of `start`, which says `invalidScenario` and `invalidMember` as well.
  | "badConfiguration" | "nothingToListenOn" | "cannotListen" | "badCertificates" | "noRandomBytes"
  // The caller's signal has ended a wait.
  | "aborted"
  | (string & {});

/** A refused call: the problem document of the control plane as an error. */
export declare class SimulatorError extends Error {
  readonly name: "SimulatorError";
  readonly code: SimulatorErrorCode;
  readonly member: string | undefined;
  /** Why a phone was refused: `stale`, `otherPerson`, ... */
  readonly reason: string | undefined;
  /** The known name that was probably meant. */
  readonly nearest: string | undefined;
  /** How the order had ended already, where somebody else was first. */
  readonly outcome: string | undefined;
}
