import { mountAttributes } from "../kernel/ops.ts";

const ATTRIBUTES: Readonly<Record<string, number>> = {
  ro: mountAttributes.readonly,
  rro: mountAttributes.readonly,
  nosuid: mountAttributes.nosuid,
  nodev: mountAttributes.nodev,
  noexec: mountAttributes.noexec,
  noatime: mountAttributes.noatime,
  strictatime: mountAttributes.strictatime,
  nodiratime: mountAttributes.nodiratime,
};

/** What undoes one that was said before. */
const OPPOSITES: Readonly<Record<string, number>> = {
  rw: mountAttributes.readonly,
  suid: mountAttributes.nosuid,
  dev: mountAttributes.nodev,
  exec: mountAttributes.noexec,
  atime: mountAttributes.noatime,
  diratime: mountAttributes.nodiratime,
};

/** What a bind says of propagation, since nothing spreads from a container here, and what is so anyway. */
const NEUTRAL = /^(relatime|norelatime|defaults|r?private|r?shared|r?slave|r?bind|z|Z|nocopy|sync|async)$/;

/** mount(8)'s options as the mount's attributes and the file system's own data. */
export function parseMountOptions(options: readonly string[]): {
  readonly attributes: number;
  readonly data: readonly string[];
  readonly recursive: boolean | "readonly";
} {
  let attributes = 0;
  const data: string[] = [];
  for (const option of options) {
    const attribute = ATTRIBUTES[option];
    const opposite = OPPOSITES[option];
    if (attribute !== undefined) attributes |= attribute;
    else if (opposite !== undefined) attributes &= ~opposite;
    else if (!NEUTRAL.test(option)) data.push(option);
  }
  return { attributes, data, recursive: options.includes("rbind") && (options.includes("rro") ? "readonly" : true) };
}
