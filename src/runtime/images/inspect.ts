import type { ImageHistoryItem, ImageInspect } from "../../docker/api/types.ts";
import { InternalError } from "../../base/errors.ts";
import { chainIdsOf } from "../../oci/chain-id.ts";
import type { ImageRunConfig } from "../../oci/image-config.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import { createdOf, familiarNames, imageOf, readConfig } from "./read-config.ts";

/** Docker shows a configuration whole, also what an image leaves out. */
const emptyConfig = {
  Hostname: "",
  Domainname: "",
  User: "",
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  Env: null,
  Cmd: null,
  Image: "",
  Volumes: null,
  WorkingDir: "",
  Entrypoint: null,
  OnBuild: null,
  Labels: null,
};

/** `GET /images/{name}/json`. */
export async function inspectImage(context: ImageContext, record: ImageRecord): Promise<ImageInspect> {
  const { config, repoTags, repoDigests, parent, size } = await imageOf(context, record);
  const inspect = {
    Id: record.id,
    RepoTags: repoTags,
    RepoDigests: repoDigests,
    Parent: parent,
    Comment: config.history?.at(-1)?.comment ?? "",
    Created: config.created ?? "0001-01-01T00:00:00Z",
    Container: config.container ?? "",
    DockerVersion: config.docker_version ?? "",
    Author: config.author ?? "",
    Config: { ...emptyConfig, ...config.config } as ImageRunConfig,
    Architecture: config.architecture,
    ...(config.variant !== undefined && { Variant: config.variant }),
    Os: config.os,
    Size: size,
    GraphDriver: { Data: null, Name: "overlay2" },
    RootFS: { Type: "layers" as const, Layers: config.rootfs.diff_ids },
    Metadata: { LastTagTime: record.lastTagTime ?? "0001-01-01T00:00:00Z" },
  };
  return inspect;
}

/** `GET /images/{name}/history`: newest first; the image's own ids are known as far as its parents are here. */
export async function imageHistory(context: ImageContext, record: ImageRecord): Promise<readonly ImageHistoryItem[]> {
  const config = await readConfig(context, record.id);
  const chain = chainIdsOf(config.rootfs.diff_ids);
  const items: ImageHistoryItem[] = [];
  let layer = 0;
  for (const entry of config.history ?? []) {
    let size = 0;
    if (entry.empty_layer !== true) {
      const chainId = chain[layer++];
      if (chainId === undefined) throw new InternalError("too many non-empty layers in History section");
      size = await context.snapshots.usage(chainId);
    }
    items.unshift({
      Id: "<missing>",
      Created: Math.floor(createdOf({ ...config, created: entry.created ?? "1970-01-01T00:00:00Z" }).getTime() / 1000),
      CreatedBy: entry.created_by ?? "",
      Tags: null,
      Size: size,
      Comment: entry.comment ?? "",
    });
  }
  let image: ImageRecord | null = record;
  for (let at = 0; at < items.length && image; at++) {
    const { repoTags } = familiarNames(context.db.referencesOf(image.id));
    items[at] = { ...(items[at] as ImageHistoryItem), Id: image.id, Tags: repoTags.length > 0 ? repoTags : null };
    image = image.parent === "" ? null : context.db.get(image.parent);
  }
  return items;
}
