import { mountAttributes } from "../kernel/ops.ts";

const ATTRIBUTES: Readonly<Record<string, number>> = {
  ro: mountAttributes.readonly,
  nosuid: mountAttributes.nosuid,
  nodev: mountAttributes.nodev,
  noexec: mountAttributes.noexec,
  noatime: mountAttributes.noatime,
  strictatime: mountAttributes.strictatime,
  nodiratime: mountAttributes.nodiratime,
};

/** The opposite of each, and what a bind says of propagation: nothing spreads from a container here. */
const NEUTRAL = /^(rw|suid|dev|exec|atime|diratime|relatime|norelatime|defaults|r?private|r?shared|r?slave|r?bind|z|Z|nocopy|sync|async)$/;

/** mount(8)'s options as the mount's attributes and the file system's own data. */
export function parseMountOptions(options: readonly string[]): {
  readonly attributes: number;
  readonly data: readonly string[];
  readonly recursive: boolean;
} {
  let attributes = 0;
  const data: string[] = [];
  for (const option of options) {
    const attribute = ATTRIBUTES[option];
    if (attribute !== undefined) attributes |= attribute;
    else if (!NEUTRAL.test(option)) data.push(option);
  }
  return { attributes, data, recursive: options.includes("rbind") };
}
