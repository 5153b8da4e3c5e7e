import type { ImageInspect } from "../../../docker/api/types.ts";
import type { Image } from "../../scenario/scenario.generated.ts";
import type { EventMessage } from "../../../docker/api/types.ts";
import type { ObservedEngine, Scene } from "./engine.ts";
import { found } from "./found.ts";
import type { ImageFacts } from "./observation.ts";

/** What `expected` needs to know about an image; null when there is none of that reference. */
export async function imageFacts(scene: Scene, ref: string, expected: Image): Promise<ImageFacts | null> {
  const { engine } = scene;
  const inspect = await inspectReferenced(engine, ref);
  if (inspect === null) return null;
  const facts = typeof expected === "object" ? expected : {};
  const history = facts.history === undefined ? [] : await engine.imageHistory(inspect.Id);
  const others: Record<string, ImageInspect | null> = {};
  for (const other of [facts.sameAs, facts.basedOn, facts.parent]) {
    if (other !== undefined) others[other] = await inspectReferenced(engine, other);
  }
  const commits = facts.commitOf === undefined ? [] : commitsIn(await scene.events.all());
  return { commits, inspect: { ...inspect, RepoTags: inspect.RepoTags ?? [] }, history, others };
}

function commitsIn(events: readonly EventMessage[]): ImageFacts["commits"] {
  return events
    .filter(({ Type, Action }) => Type === "container" && Action === "commit")
    .map(({ Actor: { ID, Attributes } }) => ({
      container: Attributes["name"] ?? ID,
      containerId: ID,
      imageId: Attributes["imageID"] ?? "",
    }));
}

async function inspectReferenced(engine: ObservedEngine, ref: string): Promise<ImageInspect | null> {
  const inspect = await found(engine.inspectImage(ref));
  if (inspect === null) return null;
  // A short name such as `abc` may be taken for the beginning of an id.
  const byId = /^(?:sha256:)?[0-9a-f]+$/.test(ref) && inspect.Id.replace(/^sha256:/, "").startsWith(ref.replace(/^sha256:/, ""));
  const isName = (inspect.RepoTags ?? []).some((tag) => tag === ref || tag === `${ref}:latest`);
  return byId && !isName && ref.length < 12 ? null : inspect;
}
