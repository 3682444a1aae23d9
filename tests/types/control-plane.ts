// Written by a test from simulator/openapi.json.

export type Advance = {
  readonly by: Span;
};

export type ApiOperation = "auth" | "sign" | "payment" | "otherPayment" | "phoneAuth" | "phoneSign" | "collect" | "cancel";

export type Approve = {
  readonly persona?: string;
  readonly way?: Way;
};

export type By = "scenario" | "phone" | "deadline" | "otherOrder" | "relyingParty";

export type Clock = {
  readonly nowMs: number;
  readonly speed: number;
};

export type Code = "invalidMember" | "invalidScenario" | "unauthorized" | "foreignHost" | "originRefused" | "notFound" | "noSuchLane" | "noSuchOrder" | "methodNotAllowed" | "requestTimeout" | "alreadyDecided" | "bodyTooLarge" | "unsupportedMediaType" | "phoneRefused" | "internal" | "full" | "stopped";

export type Default = {
  readonly scenario?: string;
};

export type Gone = "collected" | "cancelled" | "forgotten";

export type Health = {
  readonly status: string;
  readonly version: string;
};

export type InApp = {
  readonly order?: Order;
};

export type Lane = {
  readonly clock: Clock;
  readonly liveOrders: number;
  readonly name: string;
  readonly queued: number;
  readonly scenario?: string;
};

export type LaneList = {
  readonly lanes: readonly (Lane)[];
};

export type Money = {
  readonly amount: string;
  readonly currency: string;
};

export type NewOutcome = {
  readonly delay?: Span;
  readonly details?: string;
  readonly error?: string;
  readonly operations?: readonly (ApiOperation)[];
  readonly persona?: string;
  readonly scenario?: string;
  readonly status?: number;
};

export type NextOrder = {
  readonly order?: Order;
};

export type Open = {
  readonly persona?: string;
  readonly url?: string;
};

export type Order = {
  readonly createdMs: number;
  readonly gone?: Gone;
  readonly hintCode?: string;
  readonly number: number;
  readonly operation: string;
  readonly orderRef: string;
  readonly person?: string;
  readonly personalNumber?: string;
  readonly queueNumber?: number;
  readonly request: Request;
  readonly rule: RuleName;
  readonly scenario: string;
  readonly status: Status;
  readonly steps: readonly (Step)[];
  readonly version: Version;
};

export type OrderList = {
  readonly next?: number;
  readonly orders: readonly (Order)[];
};

export type Page = {
  readonly after?: number;
  readonly limit?: number;
};

export type Persona = {
  readonly givenName: string;
  readonly issueDate: string;
  readonly name: string;
  readonly personalNumber: string;
  readonly scenario?: string;
  readonly surname: string;
};

export type PersonaList = {
  readonly personas: readonly (Persona)[];
};

export type Problem = {
  readonly code: Code;
  readonly detail: string;
  readonly member?: string;
  readonly nearest?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly status: number;
  readonly title: string;
  readonly type: string;
};

export type QueueList = {
  readonly queue: readonly (Queued)[];
};

export type Queued = {
  readonly number: number;
  readonly operations: readonly (string)[];
  readonly outcome: string;
};

export type Request = {
  readonly callInitiator?: string;
  readonly certificatePolicies: readonly (string)[];
  readonly format?: string;
  readonly mrtd: boolean;
  readonly pinCode: boolean;
  readonly returnUrl?: string;
  readonly text?: string;
  readonly transaction?: Transaction;
};

export type RuleName = "phone" | "queue" | "marker" | "reservedNumber" | "persona" | "operation" | "lane" | "config" | "flag" | "builtIn";

export type Run = {
  readonly speed?: number;
};

export type Scan = {
  readonly persona?: string;
  readonly qr: string;
};

export type Scenario = {
  readonly about: string;
  readonly name: string;
  readonly phone?: string;
  readonly steps: string;
};

export type ScenarioList = {
  readonly scenarios: readonly (Scenario)[];
};

export type Span = string;

export type Status = "pending" | "failed" | "complete";

export type Step = {
  readonly atMs?: number;
  readonly by: By;
  readonly rule?: RuleName;
  readonly what: string;
};

export type Transaction = {
  readonly money?: Money;
  readonly recipient: string;
  readonly riskWarning?: string;
  readonly transactionType: string;
};

export type UserRoot = {
  readonly certificate: string;
};

export type Version = "v5.1" | "v6.0";

export type Wait = {
  readonly after?: number;
  readonly timeout?: Span;
};

export type Way = "securityCode" | "biometrics";

export type Whose = {
  readonly persona?: string;
};
