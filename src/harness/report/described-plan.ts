import { type Fraction, toNumber } from "../plan/fraction.ts";
import type { Plan } from "../plan/plan.ts";
import type { ScenarioResult } from "./report.generated.ts";

type Described = "file" | "name" | "title" | "tags" | "location" | "help" | "maxPoints";
type FirstTry = "flaky" | "slow" | "repetition" | "reproduce" | "earlier";

/** What of a scenario's result its plan says already, and what it has before it was tried again. */
export function describePlan(plan: Plan): Pick<ScenarioResult, Described | FirstTry> {
  const { file, name, title, tags, location, help } = plan;
  const described = { file, name, title, tags: [...tags], location: { ...location }, help, maxPoints: points(plan.points) };
  return { ...described, flaky: false, slow: false, repetition: null, reproduce: null, earlier: [] };
}

/** With at most three decimals, as people write points. */
export function points(value: Fraction): number {
  return Math.round(toNumber(value) * 1000) / 1000;
}
