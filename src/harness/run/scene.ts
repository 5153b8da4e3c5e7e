import type { EventMessage } from "../../docker/api/types.ts";
import type { Expectation, Plan } from "../plan/plan.ts";
import type { TargetRoot } from "../targets/target.ts";
import { withTag } from "../targets/provide-images.ts";
import type { Inherited, Scene } from "./observe/engine.ts";
import { EventHistory } from "./observe/event-history.ts";
import { StepProcess, withinLimit } from "./step-process.ts";
import { openTunnel } from "./tunnel.ts";

/** How long looking at something by a program may take. */
const LOOK_LIMIT_MS = 30_000;

/** Where a plan's expectations are looked at: its root. Who goes on from it (`isNeeded`) may ask for its events. */
export function sceneOf(
  root: TargetRoot,
  plan: Plan,
  { signal, past, isNeeded }: { readonly signal: AbortSignal; readonly past: readonly EventMessage[]; readonly isNeeded: boolean },
): Scene {
  return {
    engine: root.client,
    workdir: root.hostWorkdir,
    signal,
    inherited: root.inherited === null ? null : inheritedBut(plan.images, root.inherited),
    events: new EventHistory(root.client, signal, { isWanted: isNeeded || needsEvents(plan), past }),
    output: async (argv) => {
      const process = new StepProcess({ argv: root.enter(argv), env: root.env, stdin: "", marker: root.marker });
      const { exitCode, stdout } = await withinLimit(process, LOOK_LIMIT_MS, signal);
      return exitCode === 0 ? stdout.text : null;
    },
    connect: (host, port) => openTunnel((argv) => root.enter(argv), root.env, { host, port }),
  };
}

/** The images that a plan names are its own, whoever brought them. */
function inheritedBut(images: readonly string[], { tags, ...state }: Inherited): Inherited {
  const own = new Set(images.map(withTag));
  return { ...state, tags: new Map([...tags].filter(([tag]) => !own.has(tag))) };
}

function needsEvents({ steps, expectations }: Plan): boolean {
  return [...steps.flatMap((step) => step.expectations), ...expectations].some(isOfEvents);
}

function isOfEvents(expectation: Expectation): boolean {
  if (expectation.kind === "events") return true;
  const { expected } = expectation as { expected?: unknown };
  return typeof expected === "object" && expected !== null && ("states" in expected || "commitOf" in expected);
}
