import type { CommitOptions } from "../../docker/api/engine.ts";
import type { ContainerConfig } from "../../docker/api/types.ts";
import { familiarString, parseReference, withDefaultTag } from "../../oci/reference.ts";
import type { ImageRunConfig } from "../../oci/image-config.ts";
import { applyChanges } from "../../oci/dockerfile/apply-changes.ts";
import { emitContainerEvent, timestamp, type EngineContext } from "./context.ts";
import { pauseContainer, unpauseContainer } from "./pause.ts";

/** `docker commit`: pauses a running container meanwhile, if asked to. */
export async function commitContainer(context: EngineContext, options: CommitOptions): Promise<{ Id: string }> {
  const container = context.registry.get(options.container);
  const { record } = container;
  const changed = applyChanges(imageConfigOf({ ...record.config, ...given(options.config) }), options.changes);
  const reference =
    options.repo === ""
      ? ""
      : familiarString(withDefaultTag(parseReference(options.tag === "" ? options.repo : `${options.repo}:${options.tag}`)));
  const isPaused = options.pause && record.state.status === "running";
  if (isPaused) await pauseContainer(context, record.id);
  try {
    const parent = await context.images.get(record.imageId);
    const image = await context.images.commit({
      snapshot: record.id,
      parent,
      containerId: record.id,
      config: changed,
      history: {
        created: timestamp(context),
        created_by: (record.config.Cmd ?? []).join(" "),
        ...(options.author !== "" && { author: options.author }),
        ...(options.comment !== "" && { comment: options.comment }),
      },
      author: options.author,
      repo: options.repo,
      tag: options.tag,
    });
    emitContainerEvent(context, container, "commit", { comment: options.comment, imageID: image.id, imageRef: reference });
    return { Id: image.id };
  } finally {
    if (isPaused) await unpauseContainer(context, record.id);
  }
}

/** What the request's own config says, without what it leaves empty. */
function given(config: ContainerConfig | null): ContainerConfig {
  const entries = Object.entries(config ?? {}).filter(([, value]) => value !== null && value !== "" && value !== false);
  return Object.fromEntries(entries);
}

/** The part of a container's config that an image has. */
function imageConfigOf(config: ContainerConfig): ImageRunConfig {
  return {
    Hostname: config.Hostname ?? "",
    User: config.User ?? "",
    ...(config.ExposedPorts && { ExposedPorts: config.ExposedPorts }),
    Env: config.Env ?? [],
    Cmd: config.Cmd ?? null,
    ...(config.Healthcheck && { Healthcheck: config.Healthcheck }),
    Volumes: config.Volumes ?? null,
    WorkingDir: config.WorkingDir ?? "",
    Entrypoint: config.Entrypoint ?? null,
    OnBuild: null,
    Labels: config.Labels ?? {},
    ...(config.StopSignal && { StopSignal: config.StopSignal }),
    ...(typeof config.StopTimeout === "number" && { StopTimeout: config.StopTimeout }),
    ...(config.Shell && { Shell: config.Shell }),
  };
}
