// The package's simulator, `bankid-kit/simulator`; `simulator.d.ts` documents it. Calls are those of the control plane,
// and so are their documents: what is right and wrong about them is decided there, and here only turned into errors.

import { clearInterval, setInterval } from "node:timers";

import { present } from "./errors.js";
import native from "./native/index.js";
import { stoppable } from "./stop.js";

export class SimulatorError extends Error {
  constructor(message, { code, member, reason, nearest, outcome, cause }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, present({ code, member, reason, nearest, outcome }));
  }
}

Object.defineProperty(SimulatorError.prototype, "name", { value: "SimulatorError", configurable: true, writable: true });

/** The error of a problem document. */
const refusal = ({ detail, ...facts }) => new SimulatorError(detail, facts);

const aborted = (signal) => new SimulatorError("the wait was aborted", { code: "aborted", cause: signal.reason });

/** As JSON; what JSON has no way to say is refused rather than dropped. */
const documentOf = (value, what) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SimulatorError(`${what} must be an object`, { code: "invalidMember" });
  }
  return JSON.stringify(value, (member, part) => {
    if (typeof part === "bigint") return String(part);
    if (typeof part === "function" || typeof part === "symbol" || (typeof part === "number" && !Number.isFinite(part))) {
      throw new SimulatorError(`${member}: cannot be ${String(part)}`, { code: "invalidMember", member });
    }
    return part;
  });
};

/** A length of time as documents have it. */
const span = (time) => (typeof time === "number" ? `${time}ms` : time);

/** As long as one native wait lasts at most; longer ones are several. */
const LONGEST_WAIT = "60s";

/** What a lane can be told. The simulator is its own default lane. */
class LaneControls {
  #running;
  #lane;

  constructor(running, lane) {
    this.#running = running;
    this.#lane = lane;
  }

  async next(outcome) {
    this.#call("queueOutcome", typeof outcome === "string" ? { scenario: outcome } : outcome);
  }

  get queue() {
    return {
      list: async () => this.#call("readQueue").queue,
      clear: async () => void this.#call("clearQueue"),
    };
  }

  get clock() {
    return {
      read: async () => this.#call("readClock"),
      advance: async (by) => this.#call("advanceClock", { by: span(by) }),
      freeze: async () => this.#call("freezeClock"),
      run: async (speed) => this.#call("runClock", { speed }),
    };
  }

  phone(persona) {
    const act = async (operation, members) => this.#call(operation, { persona, ...members });
    return {
      persona,
      scan: (qr) => act("scan", { qr }),
      open: (url) => act("open", { url }),
      approve: ({ way } = {}) => act("approve", { way }),
      cancel: () => act("cancel"),
      confirmCall: () => act("confirmCall"),
      declineCall: () => act("declineCall"),
      readDocument: () => act("readDocument"),
      order: async () => (await act("readPhone")).order ?? undefined,
    };
  }

  async orders() {
    const orders = [];
    let after = 0;
    while (after !== null) {
      const page = this.#call("listOrders", { after });
      orders.push(...page.orders);
      after = page.next;
      // A lane may hold very many; others get their turn between the pages.
      if (after !== null) await new Promise(setImmediate);
    }
    return orders;
  }

  async order(orderRef) {
    return this.#call("readOrder", {}, orderRef);
  }

  async nextOrder({ after = this.#running.lastOrder(this.#lane), signal } = {}) {
    const input = documentOf({ after, timeout: LONGEST_WAIT }, "the options");
    for (;;) {
      const answer = await stoppable(signal, (stop) => this.#running.wait("waitForOrder", this.#lane, input, stop));
      if (answer === null) throw aborted(signal);
      const { order } = read(answer);
      if (order !== null) return order;
    }
  }

  async setDefault(scenario) {
    this.#call("setDefault", { scenario });
  }

  async facts() {
    return this.#call("readLane");
  }

  async reset() {
    this.#call("resetLane");
  }

  #call(operation, input = {}, orderRef = "") {
    return read(this.#running.call(operation, this.#lane, String(orderRef), documentOf(input, operation)));
  }
}

/** The document of an answer, if it is a good one. */
const read = ({ status, body }) => {
  const document = body === "" ? undefined : JSON.parse(body);
  if (status >= 400) throw refusal(document);
  return document;
};

class Lane extends LaneControls {
  #name;

  constructor(running, name) {
    super(running, name);
    this.#name = name;
  }

  get name() {
    return this.#name;
  }
}

/** Passed by `start` alone. */
const STARTED = Symbol("started");

/** The longest that a timer can be set to. */
const FOR_EVER_MS = 2 ** 31 - 1;

export class Simulator extends LaneControls {
  #running;
  #http;
  #https;
  #control;
  #certificates;
  #hold;
  #stopped;

  constructor(started, running) {
    if (started !== STARTED) throw new TypeError("a simulator is made by Simulator.start()");
    super(running, "default");
    this.#running = running;
    [this.#http, this.#https, this.#control] = running.urls.map((url) => url ?? undefined);
    const { ca, ...rp } = running.party ?? {};
    this.#certificates = ca === undefined ? undefined : Object.freeze({ ca, rp: Object.freeze(rp) });
    // It is a server: whoever runs one means to run on. The timer also keeps it from being collected while it listens.
    this.#hold = setInterval(() => this.#running, FOR_EVER_MS);
  }

  static async start(options = {}) {
    const running = await native.startSimulator(documentOf(options, "the options"));
    if (typeof running === "string") throw refusal(JSON.parse(running));
    return new Simulator(STARTED, running);
  }

  get http() {
    return this.#http && `${this.#http}/rp/v6.0`;
  }

  get https() {
    return this.#https && `${this.#https}/rp/v6.0`;
  }

  get control() {
    return this.#control;
  }

  get certificates() {
    return this.#certificates;
  }

  clientOptions({ lane, plain = this.#https === undefined } = {}) {
    const root = plain ? this.#http : this.#https;
    if (root === undefined) {
      throw new SimulatorError("this simulator has no port for plain HTTP", { code: "nothingToListenOn", member: "plain" });
    }
    const baseUrl = `${root}${lane === undefined ? "" : `/l/${encodeURIComponent(lane)}`}/rp/v6.0`;
    // Nobody waits for a person here.
    const pace = { pollIntervalMs: 20 };
    if (plain) return { environment: { baseUrl }, ...pace };
    const { ca, rp } = this.#certificates;
    return { environment: { baseUrl, ca }, identity: { pfx: rp.pfx, passphrase: rp.passphrase }, ...pace };
  }

  lane(name) {
    return new Lane(this.#running, String(name));
  }

  async lanes() {
    return this.#server("listLanes").lanes;
  }

  async deleteLane(name) {
    read(this.#running.call("deleteLane", String(name), "", ""));
  }

  async scenarios() {
    return this.#server("listScenarios").scenarios;
  }

  async personas() {
    return this.#server("listPersonas").personas;
  }

  async userRootPem() {
    return read(await this.#running.wait("readUserRoot", "", "{}")).certificate;
  }

  ref() {
    this.#hold.ref();
    return this;
  }

  unref() {
    this.#hold.unref();
    return this;
  }

  stop() {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
  }

  async #end() {
    clearInterval(this.#hold);
    const wrong = await this.#running.stop();
    if (wrong !== null) throw new SimulatorError(wrong, { code: "internal" });
  }

  #server(operation) {
    return read(this.#running.call(operation, "", "", ""));
  }
}
