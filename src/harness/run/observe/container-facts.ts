import type { ContainerInspect } from "../../../docker/api/types.ts";
import type { Container } from "../../scenario/scenario.generated.ts";
import type { ObservedEngine, Scene } from "./engine.ts";
import { found } from "./found.ts";
import { listeningPorts } from "./listening.ts";
import type { ContainerFacts } from "./observation.ts";

/** The container of that name, or of an id of at least 12 digits; null when there is none. */
export async function inspectNamed(engine: ObservedEngine, name: string): Promise<ContainerInspect | null> {
  const inspect = await found(engine.inspectContainer(name));
  // An engine takes any prefix of an id for a name, so "no container abc" would hang on the ids that chance gave.
  const isMeant = inspect !== null && (inspect.Name === `/${name}` || (name.length >= 12 && inspect.Id.startsWith(name)));
  return isMeant ? inspect : null;
}

/** What `expected` needs to know about a container. */
export async function containerFacts(scene: Scene, name: string, expected: Container): Promise<ContainerFacts | null> {
  const { engine } = scene;
  const inspect = await inspectNamed(engine, name);
  if (inspect === null) return null;
  const facts = typeof expected === "object" ? expected : {};
  const processes = facts.processes !== undefined && inspect.State.Running ? await commandLines(scene, inspect.Id) : null;
  const others: Record<string, ContainerInspect["State"] | null> = {};
  for (const other of [facts.startedAfter, facts.finishedAfter, facts.startedBefore, facts.finishedBefore]) {
    if (other !== undefined) others[other] = (await inspectNamed(engine, other))?.State ?? null;
  }
  const listening = facts.listening !== undefined && inspect.State.Running ? await listeningPorts(scene, inspect.State.Pid) : null;
  return { inspect, processes, listening, seenAt: new Date(), others };
}

async function commandLines({ engine, events }: Scene, id: string): Promise<readonly string[]> {
  const { Titles, Processes } = await events.looks.note("top", id, () => engine.containerTop(id));
  const column = Titles.findIndex((title) => /^(?:CMD|COMMAND)$/i.test(title));
  return Processes.map((cells) => cells[column] ?? "");
}
