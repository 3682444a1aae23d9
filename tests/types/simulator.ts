// `bankid-kit/simulator` as TypeScript users call it, and its documents against those of the control plane.

import type * as api from "bankid-kit/simulator";
import { Simulator, SimulatorError } from "bankid-kit/simulator";
import { BankIdClient } from "bankid-kit";
import type * as plane from "./control-plane.js";

/** Fails to compile unless the first is all that the second promises. */
type Is<Given extends Promised, Promised> = Given;
export type Documents = [
  Is<plane.Order, api.SimulatedOrder>,
  Is<api.SimulatedOrder, plane.Order>,
  Is<keyof plane.Order, keyof api.SimulatedOrder>,
  Is<plane.Step, api.SimulatedStep>,
  Is<api.SimulatedStep, plane.Step>,
  Is<keyof plane.Step, keyof api.SimulatedStep>,
  Is<plane.Request, api.SimulatedRequest>,
  Is<api.SimulatedRequest, plane.Request>,
  Is<keyof plane.Request, keyof api.SimulatedRequest>,
  Is<plane.Lane, api.LaneFacts>,
  Is<api.LaneFacts, plane.Lane>,
  Is<keyof plane.Lane, keyof api.LaneFacts>,
  Is<plane.Clock, api.ClockFacts>,
  Is<api.ClockFacts, plane.Clock>,
  Is<keyof plane.Clock, keyof api.ClockFacts>,
  Is<plane.Scenario, api.ScenarioFacts>,
  Is<api.ScenarioFacts, plane.Scenario>,
  Is<keyof plane.Scenario, keyof api.ScenarioFacts>,
  Is<plane.Persona, api.PersonaFacts>,
  Is<api.PersonaFacts, plane.Persona>,
  Is<keyof plane.Persona, keyof api.PersonaFacts>,
  Is<plane.Queued, api.QueuedOutcome>,
  Is<api.QueuedOutcome, plane.Queued>,
  Is<keyof plane.Queued, keyof api.QueuedOutcome>,
  Is<api.SimulatorRule, plane.RuleName>,
  Is<plane.RuleName, api.SimulatorRule>,
  Is<api.ApiOperation, plane.ApiOperation>,
  Is<plane.ApiOperation, api.ApiOperation>,
  Is<Exclude<api.NextOutcome, string>, plane.NewOutcome>,
  Is<keyof plane.NewOutcome, "scenario" | "error" | "status" | "details" | "delay" | "operations" | "persona">,
  Is<Parameters<api.Phone["approve"]>[0], { way?: plane.Way } | undefined>,
];

export const story = async (signal: AbortSignal): Promise<string | undefined> => {
  await using simulator = await Simulator.start({ scenario: "phone", config: { operations: { sign: "userCancel" } }, port: false, seed: 7n });
  const bankid = new BankIdClient(simulator.clientOptions({ lane: "one" }));
  const lane: api.Lane = simulator.lane("one");
  await lane.next({ error: "maintenance", operations: ["collect"], delay: "2s" });
  await lane.next({ scenario: "userCancel", persona: "anna" });
  const order: api.SimulatedOrder = await lane.nextOrder({ after: 0, signal });
  const clock: api.ClockFacts = await lane.clock.advance(500);
  try {
    await lane.phone("anna").approve({ way: "biometrics" });
  } catch (error) {
    if (error instanceof SimulatorError && error.code === "phoneRefused") return error.reason;
    throw error;
  }
  const pfx: Buffer | undefined = simulator.certificates?.rp.pfx;
  return `${order.steps.length} ${clock.nowMs} ${pfx?.length} ${bankid.identity?.displayName} ${simulator.unref().http}`;
};

// @ts-expect-error: simulators are started
new Simulator();
// @ts-expect-error: an error or a scenario, not both
const both: api.NextOutcome = { scenario: "phone", error: "maintenance" };
// @ts-expect-error: there is no such operation
const operation: api.ApiOperation = "verify";
// @ts-expect-error: a port is a number, or off
const options: api.SimulatorOptions = { port: true };
export { both, operation, options };
