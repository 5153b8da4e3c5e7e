import { pinImages } from "./pinned-images.ts";
import type { RunState } from "./run-state.ts";
import { endLeftovers } from "./step-process.ts";

/** For steps that are not to be trusted: what ends each one's leftovers, and undoes what it did to the names of the scenario's own images. */
export async function guardImages(run: RunState): Promise<(() => Promise<void>) | null> {
  const hasBackground = run.plan.steps.some(({ action }) => action.kind === "command" && action.background);
  try {
    const images = await pinImages(run.root.client, run.plan.images, run.signal);
    return async () => {
      if (run.over !== null) return;
      try {
        // What runs beside steps on the author's word cannot be told from what a submission left.
        if (!hasBackground) await endLeftovers(run.root.endSteps);
        await images.restore(run.signal);
      } catch (error) {
        run.fault(error, "images");
      }
    };
  } catch (error) {
    run.fault(error, "images");
    return null;
  }
}
