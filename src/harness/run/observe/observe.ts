import { InternalError } from "../../../base/errors.ts";
import type { Expectation } from "../../plan/plan.ts";
import { containerFacts, inspectNamed } from "./container-facts.ts";
import type { ObservedEngine, Scene } from "./engine.ts";
import { observeEntries, observeFile } from "./file-facts.ts";
import { found } from "./found.ts";
import { observeDifference } from "./difference.ts";
import { statesOf } from "./event-history.ts";
import { observeHttp } from "./http.ts";
import { imageFacts } from "./image-facts.ts";
import { countsOf, inventory, namesOf } from "./inventory.ts";
import { logText } from "./log-text.ts";
import type { Observation } from "./observation.ts";

/**
 * Looks, once, at what `expectation` is about. That something is not there is an observation.
 * @throws the engine's or the host's error when it cannot be looked at; InternalError for a step's own outcome, which its runner has.
 */
export async function observe(expectation: Expectation, scene: Scene): Promise<Observation> {
  const { engine } = scene;
  scene.signal.throwIfAborted();
  switch (expectation.kind) {
    case "container": {
      const { name, expected } = expectation;
      const container = await containerFacts(scene, name, expected);
      const asked = typeof expected === "object" && expected.states !== undefined;
      return { kind: "container", container, ...(asked && { states: statesOf(name, await scene.events.all()) }) };
    }
    case "image":
      return { kind: "image", image: await imageFacts(scene, expectation.ref, expectation.expected) };
    case "volume": {
      const inspect = await found(engine.inspectVolume(expectation.name));
      return { kind: "volume", volume: inspect === null ? null : { inspect, usedBy: await mountersOf(engine, expectation.name) } };
    }
    case "network": {
      const network = await found(engine.inspectNetwork(expectation.name));
      return { kind: "network", network: network?.Name === expectation.name ? network : null };
    }
    case "count":
      return { kind: "count", counts: countsOf(await inventory(scene)) };
    case "only":
      return { kind: "only", names: namesOf(await inventory(scene)) };
    case "difference":
      return await observeDifference(expectation.expected, scene);
    case "events":
      return { kind: "events", events: await scene.events.all() };
    case "http":
      return await observeHttp(expectation.expected, scene);
    case "diff": {
      const inspect = await inspectNamed(engine, expectation.container);
      return { kind: "diff", changes: inspect === null ? null : await engine.containerChanges(inspect.Id) };
    }
    case "file":
      return await observeFile(expectation.expected, scene);
    case "entries":
      return await observeEntries(expectation.tar, scene);
    case "logs":
      return { kind: "logs", text: await logText(scene, expectation.container) };
    case "exitCode":
    case "output":
    case "response":
    case "dialogue":
      throw new InternalError(`the step's own outcome says ${expectation.kind}, not the engine`);
  }
}

async function mountersOf(engine: ObservedEngine, volume: string): Promise<readonly string[]> {
  const containers = await engine.listContainers({ all: true, filters: { volume: [volume] } });
  const own = containers.filter(({ Mounts }) => Mounts.some(({ Name }) => Name === volume));
  return own.map(({ Names }) => (Names[0] ?? "").replace(/^\//, ""));
}
