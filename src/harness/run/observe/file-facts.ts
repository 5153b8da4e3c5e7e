import type { FileHandle } from "node:fs/promises";
import posix, { normalize } from "node:path/posix";
import type { Readable } from "node:stream";
import { plainEntryName } from "../../../base/entry-name.ts";
import { InvalidArgumentError, messageOf, NotFoundError } from "../../../base/errors.ts";
import type { File } from "../../scenario/scenario.generated.ts";
import { inspectNamed } from "./container-facts.ts";
import type { Scene } from "./engine.ts";
import { found } from "./found.ts";
import { VOLUME_AT, withHelper } from "./helper-container.ts";
import type { FileFacts, Observation } from "./observation.ts";
import { findInTar, MAX_TAR_BYTES, tarNames } from "./tar-reader.ts";
import { openWorkdirFile, workdirFile } from "./workdir.ts";
import { say } from "../../plan/sayings.ts";

type FileObservation = Extract<Observation, { kind: "file" }>;

/** The file that `expected` is about, wherever it is. */
export async function observeFile(expected: File, scene: Scene): Promise<FileObservation> {
  const { container, image, volume, tar, path } = expected;
  if (container !== undefined) return await fileInContainer(scene, container, path);
  if (image !== undefined) return await fileInImage(scene, image, path);
  if (volume !== undefined) return await fileInVolume(scene, volume, path);
  if (tar !== undefined) return await fileInTar(scene, tar, path);
  return { kind: "file", file: await workdirFile(scene.workdir, path) };
}

async function fileInContainer(scene: Scene, container: string, path: string): Promise<FileObservation> {
  const inspect = await inspectNamed(scene.engine, container);
  if (inspect === null) return { kind: "file", file: null, missing: say("there is no container {0}", container) };
  return { kind: "file", file: await fileById(scene, inspect.Id, path) };
}

async function fileById({ engine, events, signal }: Scene, id: string, path: string): Promise<FileFacts | null> {
  const archive = await found(events.looks.note("archive-path", id, () => engine.getArchive(id, path, signal))).catch((error: unknown) => {
    // dockerd has a server's error for a path through something that is no directory.
    if (/not a directory/i.test(messageOf(error))) return null;
    throw error;
  });
  // The first entry is the thing itself; of a directory, what is below comes after.
  return archive === null ? null : await findInTar(archive.tar, () => true);
}

async function fileInImage(scene: Scene, image: string, path: string): Promise<FileObservation> {
  try {
    return { kind: "file", file: await withHelper(scene, { image }, (id) => fileById(scene, id, path)) };
  } catch (error) {
    if (error instanceof NotFoundError) return { kind: "file", file: null, missing: say("there is no image {0}", image) };
    throw error;
  }
}

async function fileInVolume(scene: Scene, volume: string, path: string): Promise<FileObservation> {
  const { engine } = scene;
  // A container that names it would make it.
  if ((await found(engine.inspectVolume(volume))) === null)
    return { kind: "file", file: null, missing: say("there is no volume {0}", volume) };
  const [image] = await engine.listImages();
  if (image === undefined) throw new Error(`the volume ${volume} cannot be looked into: there is no image to make a container of`);
  const file = await withHelper(scene, { image: image.Id, volume }, (id) => fileById(scene, id, posix.join(VOLUME_AT, path)));
  return { kind: "file", file };
}

async function fileInTar(scene: Scene, tar: string, path: string): Promise<FileObservation> {
  let wanted = plainName(path);
  // A hard link has its contents at the name it links to.
  for (let hops = 0; hops < 3; hops++) {
    await using opened = await openWorkdirFile(scene.workdir, tar);
    if (opened === null) return { kind: "file", file: null, missing: say("there is no file {0}", tar) };
    try {
      const file = await findInTar(await tarStream(opened.handle), (name) => plainName(name) === wanted);
      if (file === null || file.hardLinkTo === null) return { kind: "file", file };
      wanted = plainName(file.hardLinkTo);
    } catch (error) {
      return { kind: "file", file: null, missing: say("{0} cannot be read as a tar: {1}", tar, messageOf(error)) };
    }
  }
  return { kind: "file", file: null };
}

/** The names in a tar of the work directory. */
export async function observeEntries(tar: string, scene: Scene): Promise<Extract<Observation, { kind: "entries" }>> {
  await using opened = await openWorkdirFile(scene.workdir, tar);
  if (opened === null) return { kind: "entries", names: null };
  try {
    return { kind: "entries", names: await tarNames(await tarStream(opened.handle)) };
  } catch (error) {
    return { kind: "entries", names: null, problem: say("{0} cannot be read as a tar: {1}", tar, messageOf(error)) };
  }
}

/** @throws InvalidArgumentError when it is too long to be looked into. */
async function tarStream(handle: FileHandle): Promise<Readable> {
  const { size } = await handle.stat();
  if (size > MAX_TAR_BYTES) throw new InvalidArgumentError(`it has more than ${MAX_TAR_BYTES} bytes`);
  return handle.createReadStream({ autoClose: false });
}

function plainName(name: string): string {
  return plainEntryName(normalize(name));
}
