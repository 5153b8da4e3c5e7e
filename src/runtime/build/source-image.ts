import { InvalidArgumentError, messageOf, NotFoundError } from "../../base/errors.ts";
import type { BuildOptions } from "../../docker/api/engine.ts";
import { hostArchitecture } from "../../oci/architecture.ts";
import { parseReference } from "../../oci/reference.ts";
import type { Image } from "../images/images.ts";
import type { BuildHost } from "./build-host.ts";
import type { Stage } from "./dockerfile.ts";
import type { Emit } from "./messages.ts";
import type { FinishedStage } from "./stage-build.ts";

export interface Surroundings {
  readonly host: BuildHost;
  readonly options: BuildOptions;
  readonly emit: Emit;
  readonly finished: readonly FinishedStage[];
}

/** What a stage begins from; null is `scratch`. @throws InvalidArgumentError, and what a pull throws. */
export async function baseImage(around: Surroundings, stage: Stage, expand: (word: string) => string): Promise<FinishedStage> {
  const name = expand(stage.base);
  if (name === "") throw new InvalidArgumentError(`base name (${stage.base}) should not be blank`);
  const before = around.finished.find((other) => other.name !== "" && other.name === name.toLowerCase());
  if (before) return { ...before, fromStage: true };
  const platform = expand(stage.from.flags.get("platform") ?? "") || around.options.platform;
  if (name === "scratch") return { name: "", image: null, config: {} };
  const image = await imageNamed(around, name, platform);
  return { name: "", image, config: image.config.config ?? {} };
}

/** An image that COPY takes from: a stage by name or number, or any image. @throws InvalidArgumentError `invalid from flag value …` */
export async function copiedImage(around: Surroundings, from: string): Promise<Image | null> {
  const named = around.finished.findLast(({ name }) => name !== "" && name === from.toLowerCase());
  if (named) return named.image;
  try {
    if (/^\d+$/.test(from)) {
      const stage = around.finished[Number(from)];
      if (!stage) throw new InvalidArgumentError("index out of bounds");
      return stage.image;
    }
    return await imageNamed(around, from, around.options.platform);
  } catch (error) {
    throw new InvalidArgumentError(`invalid from flag value ${from}: ${messageOf(error)}`, { cause: error });
  }
}

/** An image that is here, or is pulled. */
export async function imageNamed({ host, options, emit }: Omit<Surroundings, "finished">, name: string, platform: string): Promise<Image> {
  let image = options.pull ? null : await host.images.find(name);
  if (!image) {
    const { digest } = parseReference(name);
    for await (const message of host.images.pull({ image: name, tag: digest ? "" : tagOf(name), platform, auth: null }))
      await emit(message);
    image = await host.images.find(name);
    if (!image) throw new NotFoundError(`No such image: ${name}`);
  }
  checkPlatform(name, image, platform);
  return image;
}

function tagOf(name: string): string {
  return parseReference(name).tag === undefined ? "latest" : "";
}

function checkPlatform(name: string, { config }: Image, platform: string): void {
  if (platform === "") return;
  const [os = "", architecture = hostArchitecture()] = platform.includes("/") ? platform.split("/") : ["linux", platform];
  const names: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };
  if (os === config.os && (names[architecture] ?? architecture) === config.architecture) return;
  throw new NotFoundError(
    `image with reference ${name} was found but does not match the specified platform: wanted ${platform}, actual: ${config.os}/${config.architecture}`,
  );
}
