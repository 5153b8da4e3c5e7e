import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { InvalidArgumentError, messageOf } from "../../../base/errors.ts";
import type { ObservedRun } from "./observed-run.ts";

/** Something that was seen otherwise on the second engine than on the first; null: not at all. */
export interface Difference {
  readonly scenario: string;
  /** `step-2 stdout`, `container web state ExitCode`. */
  readonly where: string;
  readonly first: string | null;
  readonly second: string | null;
  /** Why it may be so; null: nobody knows. */
  readonly explained: string | null;
}

/** Why a difference is none to mend. `scenario` and `where` are patterns for the whole of each. */
export interface Explanation {
  readonly scenario: RegExp;
  readonly where: RegExp;
  readonly because: string;
}

/** What differs between two runs of a scenario, in the order of the first. */
export function differences(
  scenario: string,
  first: ObservedRun,
  second: ObservedRun,
  explanations: readonly Explanation[],
): readonly Difference[] {
  return [...new Set([...first.keys(), ...second.keys()])].flatMap((where) => {
    const [one, other] = [first.get(where) ?? null, second.get(where) ?? null];
    if (one === other) return [];
    const explanation = explanations.find((each) => each.scenario.test(scenario) && each.where.test(where));
    return [{ scenario, where, first: one, second: other, explained: explanation?.because ?? null }];
  });
}

/**
 * A YAML list of `{ scenario, where, because }`, of which the first two are regular expressions for the whole text.
 * @throws InvalidArgumentError naming the file and what is wrong with it.
 */
export function readExplanations(file: string): readonly Explanation[] {
  let list: unknown;
  try {
    list = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InvalidArgumentError(`${file}: ${messageOf(error)}`, { cause: error });
  }
  if (!Array.isArray(list)) throw new InvalidArgumentError(`${file}: must be a list of { scenario, where, because }`);
  return list.map((one: unknown, index) => {
    const { scenario, where, because, ...rest } = (one ?? {}) as Record<string, unknown>;
    if (
      typeof scenario !== "string" ||
      typeof where !== "string" ||
      typeof because !== "string" ||
      because === "" ||
      Object.keys(rest).length > 0
    ) {
      throw new InvalidArgumentError(`${file}: item ${index + 1} must have the texts scenario, where and because, and no more`);
    }
    try {
      return { scenario: new RegExp(`^(?:${scenario})$`), where: new RegExp(`^(?:${where})$`), because };
    } catch (error) {
      throw new InvalidArgumentError(`${file}: item ${index + 1}: ${messageOf(error)}`, { cause: error });
    }
  });
}
