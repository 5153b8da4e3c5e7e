import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";
import { unpackTree } from "../files/local-untar.ts";

/** Where a build's result goes; `dest` is `-` for stdout. */
export type BuildOutput =
  | { readonly type: "image"; readonly name: string }
  | { readonly type: "local" | "tar"; readonly dest: string }
  | { readonly type: "docker" | "oci"; readonly dest: string };

/** `--output`: `type=…,dest=…`, or a folder, or `-` for a tar on stdout. @throws StatusError for what is not there. */
export function parseOutput(texts: readonly string[]): BuildOutput {
  const [text, ...more] = texts;
  if (text === undefined) return { type: "image", name: "" };
  if (more.length > 0) throw new StatusError("multiple outputs currently unsupported");
  if (text === "-") return { type: "tar", dest: "-" };
  if (!text.includes("=")) return { type: "local", dest: text };
  const fields = new Map<string, string>();
  for (const field of text.split(",")) {
    const at = field.indexOf("=");
    if (at < 0) throw new StatusError(`invalid value ${field}`);
    fields.set(field.slice(0, at).trim().toLowerCase(), field.slice(at + 1));
  }
  const type = fields.get("type") ?? "";
  const dest = fields.get("dest") ?? fields.get("target") ?? "";
  for (const key of fields.keys()) {
    if (!["type", "dest", "target", "name", "tar"].includes(key))
      throw new StatusError(`output option ${JSON.stringify(key)} is not supported`);
  }
  if (type === "") throw new StatusError("type is required for output");
  if (type === "image" || ((type === "docker" || type === "oci") && dest === "")) {
    if (type === "oci") throw new StatusError("dest is required for oci output");
    return { type: "image", name: fields.get("name") ?? "" };
  }
  if (type === "local" && dest === "") throw new StatusError("dest is required for local output");
  if (type === "tar") return { type, dest: dest === "" ? "-" : dest };
  if (type === "local" || type === "docker" || type === "oci") return { type, dest };
  throw new StatusError(`output type ${JSON.stringify(type)} is not supported: use local, tar, docker, oci or image`);
}

/** Takes the pieces of a tar as they come, to a file, to stdout, or unpacked below a folder. */
export class OutputSink {
  readonly #tar = new PassThrough();
  readonly #written: Promise<void>;
  #pieces = 0;

  constructor({ type, dest }: BuildOutput & { readonly dest: string }, context: CommandContext) {
    this.#written = type === "local" ? this.#unpack(resolve(context.cwd, dest)) : writeArchive(this.#tar, dest, context);
    this.#written.catch(() => undefined);
  }

  async take(piece: Buffer): Promise<void> {
    this.#pieces += 1;
    if (this.#tar.write(piece)) return;
    await Promise.race([new Promise((taken) => this.#tar.once("drain", taken)), this.#written]);
  }

  /** @throws StatusError when nothing came: the engine's builder does not send files. */
  async end(): Promise<void> {
    this.#tar.end();
    await this.#written;
    if (this.#pieces === 0) throw new StatusError("this engine's builder sends no files: --output needs slipway's engine");
  }

  async #unpack(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await unpackTree(this.#tar, folder, (name) => name);
  }
}

/** @throws StatusError rather than write to a terminal. */
export async function writeArchive(tar: Readable, dest: string, { cwd, stdout }: CommandContext): Promise<void> {
  if (dest !== "-") return await pipeline(tar, createWriteStream(resolve(cwd, dest)));
  if (stdout.isTTY === true) throw new StatusError("dest file is required for this output. refusing to write to console");
  for await (const piece of tar as AsyncIterable<Buffer>) {
    if (!stdout.write(piece)) await new Promise((taken) => stdout.once("drain", taken));
  }
}

/** `--metadata-file`: what buildx writes of an image. */
export async function writeMetadata(path: string, id: string, names: readonly string[], { cwd }: CommandContext): Promise<void> {
  const metadata = {
    ...(id !== "" && { "containerimage.config.digest": id, "containerimage.digest": id }),
    ...(names.length > 0 && { "image.name": names.join(",") }),
  };
  await writeFile(resolve(cwd, path), `${JSON.stringify(metadata, null, 2)}\n`);
}
