import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import dockerignore from "@balena/dockerignore";
import { InvalidArgumentError } from "../../base/errors.ts";
import type { BuildOptions } from "../../docker/api/engine.ts";
import { applyTar } from "../snapshots/apply.ts";
import type { BuildHost } from "./build-host.ts";
import { ignoredInTime } from "./ignored-in-time.ts";

/** Of a Dockerfile, and of the names to leave out; they are read whole. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A build context that was unpacked. */
export interface BuildContext {
  readonly root: string;
  /** The text of the Dockerfile. */
  readonly dockerfile: string;
  /** Bytes of its files. */
  readonly size: number;
}

/**
 * Unpacks a context into `folder` and reads its Dockerfile. What clients must send but `.dockerignore` excludes, the Dockerfile and the
 * ignore file, is taken out again.
 * @throws InvalidArgumentError with dockerd's texts when there is no Dockerfile in it, or an empty one.
 */
export async function openContext(host: BuildHost, folder: string, options: BuildOptions): Promise<BuildContext> {
  const root = join(folder, "context");
  await mkdir(root, { mode: 0o755 });
  const { size } = await applyTar(options.context, root, {
    kernel: host.kernel,
    whiteouts: "none",
    owners: false,
    ...(host.limits && { limits: host.limits }),
  });
  const name = posix.normalize(options.dockerfile);
  if (name.startsWith("..")) throw new InvalidArgumentError(`forbidden path outside the build context: ${options.dockerfile} ()`);
  const dockerfile = await readInside(host, root, name);
  if (dockerfile === null) throw new InvalidArgumentError(`Cannot locate specified Dockerfile: ${options.dockerfile}`);
  if (dockerfile === "") throw new InvalidArgumentError(`the Dockerfile (${options.dockerfile}) cannot be empty`);
  const patterns = await readInside(host, root, ".dockerignore");
  if (patterns !== null && patterns.trim() !== "") {
    const ignore = dockerignore.default({ ignorecase: false }).add(patterns);
    for (const own of [name, ".dockerignore"]) {
      if (!ignoredInTime(ignore, own)) continue;
      const place = await host.resolve(root, own, { followLast: false });
      await rm(place.path, { force: true });
    }
  }
  return { root, dockerfile, size: size ?? 0 };
}

async function readInside(host: BuildHost, root: string, name: string): Promise<string | null> {
  const place = await host.resolve(root, name, { followLast: true });
  if (!place.exists || place.isDirectory) return null;
  const { size } = await stat(place.path);
  if (size > MOST_BYTES) throw new InvalidArgumentError(`${name} is larger than ${MOST_BYTES} bytes`);
  return await readFile(place.path, "utf8");
}
