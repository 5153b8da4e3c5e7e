import type { Matrix, Random, Scenario, Variable } from "../scenario/scenario.generated.ts";

/** What comes to a scenario from outside its file. */
export interface Given {
  /** Of the command line: above all that the file says. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Slipway's own environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A variable whose value is drawn when the scenario runs. */
export interface DrawnVariable {
  readonly name: string;
  readonly from: Random;
}

/** Variables as far as they are known before a run. */
export interface ResolvedVariables {
  readonly values: Readonly<Record<string, string>>;
  readonly drawn: readonly DrawnVariable[];
  /** Names of those that no report may hold. */
  readonly secrets: readonly string[];
  /** Variables of the environment that should be set and are not. */
  readonly unset: readonly string[];
}

/** The scenario's `env` and `vars`, this combination of its matrix, and what is given from outside, each above those before. */
export function resolveVariables(scenario: Scenario, combination: Readonly<Record<string, string>>, given: Given): ResolvedVariables {
  const { environment = {} } = given;
  const values: Record<string, string> = {};
  const drawn: DrawnVariable[] = [];
  const unset = (scenario.requires?.variables ?? []).filter((name) => environment[name] === undefined);
  const above = { ...combination, ...given.variables };
  for (const [name, value] of Object.entries(scenario.env ?? {})) values[name] = String(value);
  for (const [name, variable] of Object.entries(scenario.vars ?? {})) {
    const { value, env, default: otherwise, random } = asMap(variable);
    if (Object.hasOwn(above, name)) continue;
    if (random !== undefined) drawn.push({ name, from: random });
    else if (env === undefined) values[name] = String(value ?? "");
    else {
      const known = environment[env] ?? (otherwise === undefined ? undefined : String(otherwise));
      if (known === undefined) unset.push(env);
      else values[name] = known;
    }
  }
  const secrets = Object.entries(scenario.vars ?? {}).flatMap(([name, variable]) => (asMap(variable).secret === true ? [name] : []));
  return { values: { ...values, ...above }, drawn, secrets, unset };
}

function asMap(variable: Variable): Exclude<Variable, string | number | boolean> {
  return typeof variable === "object" ? variable : { value: variable };
}

/** All combinations of a matrix, in its order; without one, the one that says nothing. */
export function combinationsOf(matrix: Matrix | undefined): readonly Readonly<Record<string, string>>[] {
  if (matrix === undefined) return [{}];
  const { vars, include = [], exclude = [] } = matrix;
  let combinations: Record<string, string>[] = vars === undefined ? [] : [{}];
  for (const [name, values] of Object.entries(vars ?? {})) {
    combinations = combinations.flatMap((one) => values.map((value) => ({ ...one, [name]: String(value) })));
  }
  const isExcluded = (one: Readonly<Record<string, string>>): boolean =>
    exclude.some((excluded) => Object.entries(excluded).every(([name, value]) => one[name] === String(value)));
  const kept = combinations.filter((one) => !isExcluded(one));
  return [...kept, ...include.map((one) => Object.fromEntries(Object.entries(one).map(([name, value]) => [name, String(value)])))];
}
