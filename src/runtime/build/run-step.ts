import { StringDecoder } from "node:string_decoder";
import { Cleanup } from "../../base/cleanup.ts";
import { shortId } from "../../base/ids.ts";
import type { ImageRunConfig } from "../../oci/image-config.ts";
import type { Image } from "../images/images.ts";
import type { StageWork } from "./stage-build.ts";
import { StepError } from "./step-error.ts";

interface Step {
  readonly image: Image;
  /** With the variables that only the program sees. */
  readonly config: ImageRunConfig;
  readonly command: readonly string[];
  readonly announce: (containerId: string) => Promise<void>;
  /** Makes an image of the container's changes. */
  readonly commit: (containerId: string) => Promise<void>;
}

/**
 * RUN: a container of the image before, whose changes become the next one. As dockerd's builder: that of a program that failed stays to be
 * looked at, unless `--force-rm` is given; one that cannot be started, or is broken off, does not.
 */
export async function runInContainer({ host, options, emit, signal }: StageWork, step: Step): Promise<void> {
  const { config, command } = step;
  await using cleanup = new Cleanup();
  const request = {
    ...config,
    Image: step.image.id,
    Cmd: command,
    // None rather than the image's.
    Entrypoint: [],
    Healthcheck: { Test: ["NONE"] },
    HostConfig: {
      NetworkMode: options.networkMode === "" ? "default" : options.networkMode,
      ...options.hostConfig,
    },
  };
  const id = await host.createContainer(request, { kind: "shown", mounts: [] });
  let isKept = false;
  cleanup.defer(async () => {
    if (!isKept) await host.removeContainer(id);
  });
  await step.announce(id);
  const decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  const onOutput = async (name: "stdout" | "stderr", chunk: Buffer): Promise<void> => {
    const text = decoders[name].write(chunk);
    // As dockerd: what goes to stderr is red.
    if (text !== "") await emit({ stream: name === "stderr" ? `\u001b[91m${text}\u001b[0m` : text });
  };
  const { exitCode } = await host.runContainer(id, { onOutput, signal });
  signal.throwIfAborted();
  isKept = options.removes === "never" || (exitCode !== 0 && options.removes !== "always");
  if (exitCode !== 0) throw new StepError(`The command '${command.join(" ")}' returned a non-zero code: ${exitCode}`, exitCode);
  await step.commit(id);
  if (!isKept) await emit({ stream: `Removing intermediate container ${shortId(id)}\n` });
}
