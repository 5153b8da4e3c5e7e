import { config, containerSummary } from "./container-shapes.ts";
import {
  anything,
  digest,
  either,
  flag,
  id,
  integer,
  list,
  map,
  maybe,
  maybeUntil,
  nullable,
  object,
  oneOf,
  text,
  time,
  until,
} from "./shape.ts";

const labels = nullable(map(text));

/** Every error. */
export const errorBody = object({ message: text });

export const imageSummary = object({
  Id: digest,
  ParentId: either(oneOf(""), digest),
  RepoTags: nullable(list(text)),
  RepoDigests: nullable(list(text)),
  Created: integer,
  Size: integer,
  SharedSize: integer,
  VirtualSize: until(44, integer),
  Labels: labels,
  Containers: integer,
});

export const imageInspect = object({
  Id: digest,
  RepoTags: list(text),
  RepoDigests: list(text),
  Parent: either(oneOf(""), digest),
  Comment: text,
  Created: time,
  Container: until(45, text),
  ContainerConfig: until(45, config),
  DockerVersion: text,
  Author: text,
  Config: config,
  Architecture: text,
  Variant: maybe(text),
  Os: text,
  OsVersion: maybe(text),
  Size: integer,
  VirtualSize: until(44, integer),
  GraphDriver: object({ Name: text, Data: nullable(map(text)) }),
  RootFS: object({ Type: oneOf("layers"), Layers: list(digest) }),
  Metadata: object({ LastTagTime: time }),
});

export const imageHistory = list(
  object({
    Id: either(digest, oneOf("<missing>")),
    Created: integer,
    CreatedBy: text,
    Tags: nullable(list(text)),
    Size: integer,
    Comment: text,
  }),
);

export const imageDeletions = list(either(object({ Untagged: text }), object({ Deleted: digest })));

export const network = object({
  Name: text,
  Id: id,
  Created: time,
  Scope: oneOf("local"),
  Driver: text,
  EnableIPv4: maybe(flag),
  EnableIPv6: flag,
  IPAM: object({
    Driver: text,
    Options: labels,
    Config: nullable(
      list(object({ Subnet: maybe(text), Gateway: maybe(text), IPRange: maybe(text), AuxiliaryAddresses: maybe(map(text)) })),
    ),
  }),
  Internal: flag,
  Attachable: flag,
  Ingress: flag,
  ConfigFrom: object({ Network: text }),
  ConfigOnly: flag,
  Containers: map(object({ Name: text, EndpointID: id, MacAddress: text, IPv4Address: text, IPv6Address: text })),
  Options: labels,
  Labels: labels,
  // Of a swarm's networks.
  Services: maybe(anything),
});

const volumeFields = {
  Name: text,
  Driver: text,
  Mountpoint: text,
  CreatedAt: maybe(time),
  Status: maybe(anything),
  Labels: labels,
  Scope: oneOf("local"),
  Options: labels,
};
export const volume = object(volumeFields);

export const diskUsage = object({
  LayersSize: integer,
  Images: list(imageSummary),
  Containers: list(containerSummary),
  Volumes: list(object({ ...volumeFields, UsageData: object({ RefCount: integer, Size: integer }) })),
  BuildCache: nullable(
    list(
      object({
        ID: text,
        Parent: maybe(text),
        Parents: maybe(nullable(list(text))),
        Type: text,
        Description: text,
        InUse: flag,
        Shared: flag,
        Size: integer,
        CreatedAt: time,
        LastUsedAt: nullable(time),
        UsageCount: integer,
      }),
    ),
  ),
  BuilderSize: maybeUntil(42, integer),
});

export const execInspect = object({
  ID: id,
  Running: flag,
  ExitCode: nullable(integer),
  ProcessConfig: object({
    tty: flag,
    entrypoint: text,
    arguments: list(text),
    privileged: flag,
    user: maybe(text),
  }),
  OpenStdin: flag,
  OpenStderr: flag,
  OpenStdout: flag,
  CanRemove: flag,
  ContainerID: id,
  DetachKeys: text,
  Pid: integer,
});

/** A line of pull, push, import, load and build. */
export const progress = object({
  stream: maybe(text),
  status: maybe(text),
  id: maybe(text),
  progress: maybe(text),
  progressDetail: maybe(object({ current: maybe(integer), total: maybe(integer), hidecounts: maybe(flag) })),
  aux: maybe(anything),
  error: maybe(text),
  errorDetail: maybe(object({ message: text, code: maybe(integer) })),
});
