import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, posix, resolve } from "node:path";
import { Readable } from "node:stream";
import { messageOf } from "../../base/errors.ts";
import type { UnixClient } from "../../docker/client/unix-client.ts";
import { tarHeader, tarPadding } from "../../oci/tar/tar-header.ts";
import { encodeTarHeader, tarEnd } from "../../oci/tar/write-tar.ts";
import { withTag } from "./provide-images.ts";
import { TargetError, type TargetRoot } from "./target.ts";

/** How far above a scenario its suite's `images/` may be. */
const levels = 4;

/**
 * Builds the images that a scenario asks for and its suite brings along: `images/NAME/Dockerfile` in the scenario's folder or above it. What
 * they are made from is provided first; what the engine has already is left as it is.
 * @throws TargetError naming the image that cannot be built.
 */
export async function provideStandIns(
  root: Pick<TargetRoot, "client" | "provideImages">,
  scenario: { readonly file: string; readonly images: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  for (const image of scenario.images.map(withTag)) {
    const folder = await folderOf(image, scenario.file);
    if (folder === null) continue;
    const known = (await root.client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    if (known.includes(image)) continue;
    try {
      await root.provideImages(await basesOf(folder), signal);
      await build(root.client, folder, image, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new TargetError(`cannot build the image ${image} from ${folder}: ${messageOf(error)}`, { cause: error });
    }
  }
}

async function folderOf(image: string, file: string): Promise<string | null> {
  const name = image.replace(/[:@][^/]*$/, "");
  let folder = dirname(resolve(file));
  for (let level = 0; level <= levels; level++) {
    const images = join(folder, "images", name);
    if (await stat(join(images, "Dockerfile")).catch(() => null)) return images;
    folder = dirname(folder);
  }
  return null;
}

async function basesOf(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, "Dockerfile"), "utf8");
  return [...text.matchAll(/^FROM\s+(\S+)/gim)].map(([, base = ""]) => base).filter((base) => base !== "scratch");
}

/** By the builder that every daemon has. */
async function build(client: UnixClient, folder: string, image: string, signal: AbortSignal): Promise<void> {
  const tar = Readable.from(tarOf(folder), { objectMode: false });
  for await (const { error } of await client.buildImage(tar, { version: "1", t: image, rm: true, forcerm: true }, signal)) {
    if (error !== undefined) throw new Error(error);
  }
}

async function* tarOf(folder: string): AsyncGenerator<Buffer, void> {
  const names = await readdir(folder, { recursive: true });
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    const { mode, mtimeMs } = await stat(path);
    const given = {
      name: posix.normalize(name),
      mode: mode & 0o100 ? 0o755 : 0o644,
      mtime: BigInt(Math.floor(mtimeMs / 1000)) * 1_000_000_000n,
    };
    if ((await stat(path)).isDirectory()) {
      yield encodeTarHeader(tarHeader({ ...given, name: `${given.name}/`, type: "directory" }));
      continue;
    }
    const content = await readFile(path);
    yield Buffer.concat([
      encodeTarHeader(tarHeader({ ...given, size: content.length })),
      content,
      Buffer.alloc(tarPadding(content.length)),
    ]);
  }
  yield tarEnd;
}
