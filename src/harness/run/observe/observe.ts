import { InternalError } from "../../../base/errors.ts";
import type { Expectation } from "../../plan/plan.ts";
import { containerFacts, inspectNamed } from "./container-facts.ts";
import type { ObservedEngine, Scene } from "./engine.ts";
import { observeEntries, observeFile } from "./file-facts.ts";
import { found } from "./found.ts";
import { imageFacts } from "./image-facts.ts";
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
    case "container":
      return { kind: "container", container: await containerFacts(engine, expectation.name, expectation.expected) };
    case "image":
      return { kind: "image", image: await imageFacts(engine, expectation.ref, expectation.expected) };
    case "volume":
      return { kind: "presence", present: (await found(engine.inspectVolume(expectation.name))) !== null };
    case "network": {
      const network = await found(engine.inspectNetwork(expectation.name));
      return { kind: "presence", present: network?.Name === expectation.name };
    }
    case "count":
      return { kind: "count", counts: await counts(engine) };
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
    case "dialogue":
      throw new InternalError(`the step's own outcome says ${expectation.kind}, not the engine`);
  }
}

async function counts(engine: ObservedEngine): Promise<Extract<Observation, { kind: "count" }>["counts"]> {
  const [containers, images, volumes, networks] = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listImages(),
    engine.listVolumes(),
    engine.listNetworks(),
  ]);
  return {
    containers: containers.length,
    running: containers.filter(({ State }) => State === "running" || State === "paused").length,
    // An image with several names is listed once a name, one without once.
    images: images.reduce((total, { RepoTags }) => total + Math.max(1, (RepoTags ?? []).length), 0),
    volumes: (volumes.Volumes ?? []).length,
    networks: networks.length,
  };
}
