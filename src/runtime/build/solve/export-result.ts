import { outputId } from "../../../docker/api/build-trace.ts";
import { tarOfDirectory } from "../../snapshots/tar-of-directory.ts";
import type { Emit } from "../messages.ts";
import type { SolvedStage, SolveWork } from "./solve-work.ts";

interface Export {
  readonly emit: Emit;
  /** Whole references. */
  readonly names: readonly string[];
  /** Arguments that were given and not asked for. */
  readonly unused: readonly string[];
}

/** Makes of the target what the client asked for: an image with its names, or the files as a tar in the stream. */
export async function exportResult(work: Omit<SolveWork, "openFrom">, solved: SolvedStage, { emit, names, unused }: Export): Promise<void> {
  const { host, options, progress, epochTime } = work;
  const isTar = options.output === "tar";
  const exporting = progress.vertex(isTar ? "exporting to client tarball" : "exporting to image");
  await exporting.run(async () => {
    if (unused.length > 0) await exporting.warn(`One or more build-args [${unused.join(" ")}] were not consumed`);
    if (isTar) {
      const bytes = await sendFiles(work, solved, emit);
      return await exporting.did("sending tarball", { bytes });
    }
    await exporting.did("exporting layers");
    const { config, layers, history, author, created } = solved;
    if (Object.keys(options.labels).length > 0) config.Labels = { ...config.Labels, ...options.labels };
    const image = await host.images.compose({
      layersOf: layers,
      config,
      history,
      created: epochTime ?? (created || host.now()),
      author,
      names,
    });
    await exporting.did(`writing image ${image.id}`);
    for (const name of names) await exporting.did(`naming to ${name}`);
    await emit({ id: "moby.image.id", aux: { ID: image.id } });
  });
}

async function sendFiles({ host, epoch, signal }: Omit<SolveWork, "openFrom">, { layers }: SolvedStage, emit: Emit): Promise<number> {
  // Of `scratch` without any layer there are no files.
  const layer = layers?.chainId ? null : await host.layer(null);
  const tree = layers?.chainId ? await host.view(layers.chainId) : { path: layer?.path ?? "", release: async () => await layer?.remove() };
  let bytes = 0;
  try {
    for await (const piece of tarOfDirectory(tree.path, { kernel: host.kernel, newest: epoch })) {
      signal.throwIfAborted();
      bytes += piece.length;
      await emit({ id: outputId, aux: piece.toString("base64") });
    }
    return bytes;
  } finally {
    await tree.release();
  }
}
