import { isDeepStrictEqual } from "node:util";
import { InvalidArgumentError, NotFoundError } from "../../../base/errors.ts";
import type { ContainerConfig } from "../../../docker/api/types.ts";
import type { ImageRunConfig } from "../../../oci/image-config.ts";
import type { Comparable, Difference } from "../../scenario/scenario.generated.ts";
import { inspectNamed } from "./container-facts.ts";
import type { Scene } from "./engine.ts";
import { found } from "./found.ts";
import { withHelper } from "./helper-container.ts";
import type { FileFacts, Observation } from "./observation.ts";
import { filesInTar } from "./tar-reader.ts";
import { say, type Said } from "../../plan/sayings.ts";

type DifferenceObservation = Extract<Observation, { kind: "difference" }>;
type Config = ImageRunConfig | ContainerConfig;

/** What two images or containers differ in: files by type, mode, owner, contents and link target (not by time), and settings. */
export async function observeDifference({ from, to, files, config }: Difference, scene: Scene): Promise<DifferenceObservation> {
  const [before, after] = [await configOf(from, scene), await configOf(to, scene)];
  if ("missing" in before) return { kind: "difference", files: [], config: [], missing: before.missing };
  if ("missing" in after) return { kind: "difference", files: [], config: [], missing: after.missing };
  let changes: readonly string[];
  try {
    changes = files === undefined ? [] : changesBetween(await filesOf(from, scene), await filesOf(to, scene));
  } catch (error) {
    // As large as that only on purpose.
    if (!(error instanceof InvalidArgumentError)) throw error;
    return { kind: "difference", files: [], config: [], missing: say("the files cannot be compared: {0}", error.message) };
  }
  return {
    kind: "difference",
    files: changes,
    config: config === undefined ? [] : Object.keys(SETTINGS).filter((name) => !isSame(SETTINGS[name], before.config, after.config)),
  };
}

/** Its configuration, or why there is none. */
async function configOf(
  { image, container }: Comparable,
  { engine }: Scene,
): Promise<{ readonly config: Config } | { readonly missing: Said }> {
  if (container !== undefined) {
    const config = (await inspectNamed(engine, container))?.Config;
    return config === undefined ? { missing: say("there is no container {0}", container) } : { config };
  }
  const inspect = await found(engine.inspectImage(image ?? ""));
  return inspect === null ? { missing: say("there is no image {0}", image ?? "") } : { config: inspect.Config ?? {} };
}

async function filesOf({ image, container }: Comparable, scene: Scene): Promise<ReadonlyMap<string, FileFacts>> {
  const { engine, events, signal } = scene;
  const read = async (id: string): Promise<ReadonlyMap<string, FileFacts>> =>
    await filesInTar(await events.looks.note("export", id, () => engine.exportContainer(id, signal)));
  if (container === undefined) return await withHelper(scene, { image: image ?? "" }, read);
  const inspect = await inspectNamed(engine, container);
  if (inspect === null) throw new NotFoundError(`there is no container ${container}`);
  return await read(inspect.Id);
}

function changesBetween(before: ReadonlyMap<string, FileFacts>, after: ReadonlyMap<string, FileFacts>): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => path !== "/").toSorted();
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === undefined) return [`A ${path}`];
    if (now === undefined) return [`D ${path}`];
    return isDeepStrictEqual(old, now) ? [] : [`C ${path}`];
  });
}

type Setting = (config: Config) => unknown;

/** Settings that both an image and a container have, under the names that expectations of images use. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  cmd: ({ Cmd }) => Cmd ?? [],
  entrypoint: ({ Entrypoint }) => Entrypoint ?? [],
  env: ({ Env }) => (Env ?? []).toSorted(),
  labels: ({ Labels }) => Labels ?? {},
  workdir: ({ WorkingDir }) => WorkingDir || "/",
  user: ({ User }) => User ?? "",
  stopSignal: ({ StopSignal }) => StopSignal || "SIGTERM",
  exposedPorts: ({ ExposedPorts }) => Object.keys(ExposedPorts ?? {}).toSorted(),
  volumes: ({ Volumes }) => Object.keys(Volumes ?? {}).toSorted(),
  healthcheck: ({ Healthcheck }) => Healthcheck ?? null,
};

function isSame(setting: Setting | undefined, before: Config, after: Config): boolean {
  return isDeepStrictEqual(setting?.(before), setting?.(after));
}
