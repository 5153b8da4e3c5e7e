import { stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { Cleanup } from "../../../base/cleanup.ts";
import { InvalidArgumentError, messageOf } from "../../../base/errors.ts";
import { sourceId, type BuildSource } from "../../../docker/api/build-trace.ts";
import type { BuildOptions } from "../../../docker/api/engine.ts";
import type { JsonMessage } from "../../../docker/api/types.ts";
import { hostArchitecture } from "../../../oci/architecture.ts";
import { canonicalString, parseReference, withDefaultTag } from "../../../oci/reference.ts";
import { BuildArgs } from "../build-args.ts";
import type { BuildHost } from "../build-host.ts";
import { LocatedError } from "../command.ts";
import { openContext, type BuildContext } from "../context-folder.ts";
import { parseDockerfile, type Dockerfile } from "../dockerfile.ts";
import { messagesOf, type Emit } from "../messages.ts";
import { exportResult } from "./export-result.ts";
import { LayerSteps } from "./layer-step.ts";
import { Progress } from "./progress.ts";
import type { SolveWork } from "./solve-work.ts";
import { StageGraph } from "./stage-graph.ts";

/**
 * `docker build` as BuildKit builds: only the stages that are needed, side by side where they do not need each other; what a step made
 * before of the same content is taken from the build cache. The stream is of traces, and ends with the image's id or with an error.
 */
export function solveImage(host: BuildHost, options: BuildOptions, signal: AbortSignal): AsyncIterable<JsonMessage> {
  return messagesOf((emit, either) => solve(host, options, emit, either), signal);
}

async function solve(host: BuildHost, options: BuildOptions, emit: Emit, signal: AbortSignal): Promise<void> {
  await using cleanup = new Cleanup();
  const folder = await host.temporaryFolder();
  cleanup.defer(() => folder.remove());
  const progress = new Progress(emit);
  let context: BuildContext | null = null;
  try {
    const names = options.tags.map((tag) => canonicalString(withDefaultTag(parseReference(tag))));
    const definition = progress.vertex(`[internal] load build definition from ${posix.basename(options.dockerfile)}`);
    const opened = await definition.run(async () => {
      const found = await openContext(host, folder.path, options);
      await definition.did("transferring dockerfile:", { bytes: Buffer.byteLength(found.dockerfile) });
      return found;
    });
    context = opened;
    const dockerfile = parseDockerfile(opened.dockerfile);
    await build(host, options, { context: opened, dockerfile, folder: folder.path, progress, emit, signal, names });
  } catch (error) {
    if (signal.aborted) throw error;
    await progress.cancelRest();
    if (error instanceof LocatedError && context) {
      const source: BuildSource = { file: options.dockerfile, text: context.dockerfile, start: error.start, end: error.end };
      await emit({ id: sourceId, aux: source });
    }
    const message = messageOf(error).replace(/^failed to parse Dockerfile: (?!file with)/, "");
    await emit({ errorDetail: { message }, error: message });
  }
}

interface Build {
  readonly context: BuildContext;
  readonly dockerfile: Dockerfile;
  readonly folder: string;
  readonly progress: Progress;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Whole references. */
  readonly names: readonly string[];
}

async function build(host: BuildHost, options: BuildOptions, given: Build): Promise<void> {
  const { context, dockerfile, progress } = given;
  const { escape } = dockerfile;
  const buildArgs = new BuildArgs(options.buildArgs, platformArguments(options.platform));
  for (const { text } of dockerfile.metaArgs) buildArgs.declareMeta(text, escape);
  const epoch = epochOf(buildArgs.lookupMeta("SOURCE_DATE_EPOCH") ?? options.buildArgs["SOURCE_DATE_EPOCH"] ?? "");
  const epochTime = epoch === null ? null : new Date(epoch * 1000).toISOString();
  const steps = new LayerSteps(host.images, { useCache: !options.noCache, newest: epoch, now: () => epochTime ?? host.now() });
  const work: Omit<SolveWork, "openFrom"> = {
    host,
    options,
    signal: given.signal,
    progress,
    buildArgs,
    escape,
    contextRoot: context.root,
    folder: given.folder,
    steps,
    epoch,
    epochTime,
    startedAt: host.now(),
    useContext: once(async () => {
      const load = progress.vertex("[internal] load build context");
      await load.run(async () => await load.did("transferring context:", { bytes: context.size }));
    }),
  };
  await tellOfIgnore(progress, context);
  const graph = new StageGraph(work, dockerfile);
  const solved = await graph.solveTarget(options.target);
  const unused = buildArgs.unused().filter((name) => name !== "SOURCE_DATE_EPOCH");
  await exportResult(work, solved, { ...given, unused });
}

async function tellOfIgnore(progress: Progress, context: BuildContext): Promise<void> {
  const ignore = progress.vertex("[internal] load .dockerignore");
  const own = await stat(join(context.root, ".dockerignore")).catch(() => null);
  await ignore.run(async () => await ignore.did("transferring context:", { bytes: own?.size ?? 2 }));
}

function once(work: () => Promise<void>): () => Promise<void> {
  let doing: Promise<void> | null = null;
  return async () => await (doing ??= work());
}

/** @throws InvalidArgumentError when it is no number of seconds. */
function epochOf(text: string): number | null {
  if (text === "") return null;
  if (!/^\d{1,11}$/.test(text)) throw new InvalidArgumentError(`invalid SOURCE_DATE_EPOCH: ${text}`);
  return Number(text);
}

/** BuildKit's own arguments of where is built and for what. */
function platformArguments(platform: string): Readonly<Record<string, string>> {
  const own = hostArchitecture();
  const [os = "linux", architecture = own, variant = ""] = platform === "" ? [] : platform.split("/");
  return {
    BUILDPLATFORM: `linux/${own}`,
    BUILDOS: "linux",
    BUILDARCH: own,
    BUILDVARIANT: "",
    TARGETPLATFORM: platform === "" ? `linux/${own}` : platform,
    TARGETOS: os,
    TARGETARCH: architecture,
    TARGETVARIANT: variant,
  };
}
