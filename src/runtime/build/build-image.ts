import { Cleanup } from "../../base/cleanup.ts";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { shortId } from "../../base/ids.ts";
import type { BuildOptions } from "../../docker/api/engine.ts";
import type { JsonMessage } from "../../docker/api/types.ts";
import { processWord } from "../../oci/dockerfile/process-word.ts";
import { parseReference } from "../../oci/reference.ts";
import { BuildArgs } from "./build-args.ts";
import { BuildCache } from "./build-cache.ts";
import type { BuildHost } from "./build-host.ts";
import { openContext } from "./context-folder.ts";
import type { Command } from "./command.ts";
import { parseDockerfile, type Dockerfile } from "./dockerfile.ts";
import { messagesOf, type Emit } from "./messages.ts";
import { baseImage } from "./source-image.ts";
import { StageBuild, type FinishedStage } from "./stage-build.ts";
import { StepError } from "./step-error.ts";

/**
 * `docker build` by the classic builder's rules and in its words: each instruction makes an image of the one before, with a line of history,
 * and an image that the same instruction made before is used again. The stream ends with an error message when a step fails; what
 * is wrong with the request or the Dockerfile as such is thrown before the first message.
 */
export function buildImage(host: BuildHost, options: BuildOptions, signal: AbortSignal): AsyncIterable<JsonMessage> {
  return messagesOf((emit, either) => build(host, options, emit, either), signal);
}

async function build(host: BuildHost, options: BuildOptions, emit: Emit, signal: AbortSignal): Promise<void> {
  await using cleanup = new Cleanup();
  const folder = await host.temporaryFolder();
  cleanup.defer(() => folder.remove());
  const context = await openContext(host, folder.path, options);
  for (const tag of options.tags) parseReference(tag);
  const dockerfile = parseDockerfile(context.dockerfile);
  const stages = wantedStages(dockerfile, options.target);
  const quietly: JsonMessage[] = [];
  // A quiet build tells its output only when it fails.
  const tell: Emit = options.quiet ? async (message) => void quietly.push(message) : emit;
  try {
    const image = await runStages(host, options, {
      dockerfile,
      stages,
      contextRoot: context.root,
      folder: folder.path,
      emit: tell,
      emitAux: emit,
      signal,
    });
    for (const tag of options.tags) {
      const { repo, name } = splitTag(tag);
      await host.images.tag(image, { repo, tag: name });
      await tell({ stream: `Successfully tagged ${repo}:${name}\n` });
    }
    if (options.quiet) await emit({ stream: `${image}\n` });
  } catch (error) {
    for (const message of quietly) await emit(message);
    const code = error instanceof StepError ? error.exitCode : undefined;
    const message = messageOf(error);
    await emit({ errorDetail: { message, ...(code !== undefined && { code }) }, error: message });
  }
}

interface Work {
  readonly dockerfile: Dockerfile;
  readonly stages: Dockerfile["stages"];
  readonly contextRoot: string;
  readonly folder: string;
  readonly emit: Emit;
  readonly emitAux: Emit;
  readonly signal: AbortSignal;
}

/** Builds the stages; gives the id of the last one's image. */
async function runStages(host: BuildHost, options: BuildOptions, work: Work): Promise<string> {
  const { dockerfile, stages, emit, signal } = work;
  const { escape, metaArgs } = dockerfile;
  const labels = Object.entries(options.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const total = metaArgs.length + stages.reduce((sum, { commands }) => sum + commands.length + 1, 0) + labels.length;
  let step = 0;
  const title = async ({ original }: Pick<Command, "original">): Promise<void> => {
    step += 1;
    await emit({ stream: `Step ${step}/${total} : ${original}\n` });
  };
  const buildArgs = new BuildArgs(options.buildArgs);
  for (const command of metaArgs) {
    await title(command);
    buildArgs.declareMeta(command.text, escape);
  }
  const cache = await BuildCache.open(host.images, options);
  const finished: FinishedStage[] = [];
  let image = "";
  for (const [index, stage] of stages.entries()) {
    signal.throwIfAborted();
    await title(stage.from);
    const base = await baseImage({ host, options, emit, finished }, stage, (word) => processWord(word, buildArgs.lookupMeta, escape));
    const building = new StageBuild(
      {
        host,
        options,
        emit,
        signal,
        cache,
        buildArgs: buildArgs.stage(),
        escape,
        finished,
        contextRoot: work.contextRoot,
        folder: work.folder,
      },
      base,
    );
    await building.runTriggers();
    await emit({ stream: ` ---> ${shortId(building.image?.id ?? "")}\n` });
    for (const command of stage.commands) {
      signal.throwIfAborted();
      await title(command);
      await building.run(command);
      await emit({ stream: ` ---> ${shortId(building.image?.id ?? "")}\n` });
    }
    if (index === stages.length - 1) {
      for (const [key, value] of labels) {
        await title({ original: `LABEL ${key}=${value}` });
        await building.label(key, value);
        await emit({ stream: ` ---> ${shortId(building.image?.id ?? "")}\n` });
      }
    }
    if (building.image) await work.emitAux({ aux: { ID: building.image.id } });
    image = building.image?.id ?? "";
    finished.push({ name: stage.name, image: building.image, config: building.config });
  }
  const unused = buildArgs.unused();
  if (unused.length > 0) await emit({ stream: `[Warning] One or more build-args [${unused.join(" ")}] were not consumed\n` });
  if (image === "") throw new InvalidArgumentError("No image was generated. Is your Dockerfile empty?");
  await emit({ stream: `Successfully built ${shortId(image)}\n` });
  return image;
}

/** The stages up to the target, by name or number. */
function wantedStages({ stages }: Dockerfile, target: string): Dockerfile["stages"] {
  if (target === "") return stages;
  const named = stages.findIndex(({ name }) => name !== "" && name === target.toLowerCase());
  if (named < 0) throw new InvalidArgumentError(`failed to reach build target ${target} in Dockerfile`);
  return stages.slice(0, named + 1);
}

function splitTag(tag: string): { readonly repo: string; readonly name: string } {
  const at = tag.lastIndexOf(":");
  return at > tag.lastIndexOf("/") ? { repo: tag.slice(0, at), name: tag.slice(at + 1) } : { repo: tag, name: "latest" };
}
