import type { Plan } from "../plan/plan.ts";
import type { Requires } from "../scenario/scenario.generated.ts";
import type { EngineKind, TargetRoot } from "../targets/target.ts";
import { asStep, hasFeature } from "./features.ts";

const TIERS = ["proot", "chroot", "namespaces"] as const;

/** Why a scenario cannot run on this kind of engine, wherever; null when it can. */
export function unmetByEngine(requires: Plan["requires"], kind: EngineKind): string | null {
  if (requires.unset !== undefined && requires.unset.length > 0) return `the environment does not set ${requires.unset.join(", ")}`;
  if (requires.engine === undefined || requires.engine.includes(kind)) return null;
  return `it is only for the engine ${requires.engine.join(" or ")}`;
}

/** Why it cannot run in this root; null when it can. */
export async function unmetByRoot(requires: Requires, root: TargetRoot): Promise<string | null> {
  const { tier } = requires;
  if (tier !== undefined && root.engine.kind === "embedded") {
    const given = TIERS.findIndex((name) => name === root.engine.tier);
    if (given < TIERS.indexOf(tier)) return `it requires the tier ${tier}; this host gives ${root.engine.tier}`;
  }
  const { features = [] } = requires;
  if (features.length > 0) {
    const info = await root.client.info();
    for (const feature of features)
      if (!(await hasFeature(feature, info, root))) return `it requires ${feature}, which this engine has not`;
  }
  for (const program of requires.programs ?? []) {
    const { exitCode } = await asStep(root, ["/bin/sh", "-c", 'command -v -- "$0"', program]);
    if (exitCode !== 0) return `it requires the program ${program}, which is not here`;
  }
  return null;
}
