import { parseBytes, type FlagSpec } from "../flags/flags.ts";
import { splitCsv } from "./parse-mount.ts";

/** A device and how much of it: `HostConfig.BlkioWeightDevice`. */
export interface WeightDevice {
  readonly Path: string;
  readonly Weight: number;
}

/** A device and how fast it may be used: `HostConfig.BlkioDeviceReadBps` and its like. */
export interface ThrottleDevice {
  readonly Path: string;
  readonly Rate: number;
}

/** What `--gpus` asks for: an item of `HostConfig.DeviceRequests`. */
export interface DeviceRequest {
  readonly Driver: string;
  readonly Count: number;
  readonly DeviceIDs: readonly string[] | null;
  readonly Capabilities: readonly (readonly string[])[];
  readonly Options: Readonly<Record<string, string>>;
}

/** `--blkio-weight-device /dev/sda:200` */
export const weightDevices = (usage: string): FlagSpec<readonly WeightDevice[]> =>
  devices(usage, (Path, amount, text) => {
    const Weight = Number(amount);
    if (!/^\d+$/.test(amount) || (Weight > 0 && (Weight < 10 || Weight > 1000))) throw new Error(`invalid weight for device: ${text}`);
    return { Path, Weight };
  });

/** `--device-read-bps /dev/sda:1mb`: bytes a second. */
export const byteRates = (usage: string): FlagSpec<readonly ThrottleDevice[]> =>
  devices(usage, (Path, amount, text) => {
    try {
      return { Path, Rate: parseBytes(amount) };
    } catch (cause) {
      const shape =
        "The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb";
      throw new Error(`invalid rate for device: ${text}. ${shape}`, { cause });
    }
  });

/** `--device-read-iops /dev/sda:100`: operations a second. */
export const operationRates = (usage: string): FlagSpec<readonly ThrottleDevice[]> =>
  devices(usage, (Path, amount, text) => {
    if (!/^\d+$/.test(amount)) {
      throw new Error(`invalid rate for device: ${text}. The correct format is <device-path>:<number>. Number must be a positive integer`);
    }
    return { Path, Rate: Number(amount) };
  });

function devices<T>(usage: string, parse: (path: string, amount: string, text: string) => T): FlagSpec<readonly T[]> {
  return {
    type: "list",
    usage,
    initial: [],
    shownDefault: "[]",
    parse(text, before) {
      const [, path, amount = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
      if (path === undefined || path === "") throw new Error(`bad format: ${text}`);
      if (!path.startsWith("/dev/")) throw new Error(`bad format for device path: ${text}`);
      return [...before, parse(path, amount, text)];
    },
  };
}

/** `--gpus all`, `--gpus 2`, `--gpus 'device=0,capabilities=utility'` */
export const gpuRequests = (usage: string): FlagSpec<readonly DeviceRequest[]> => ({
  type: "gpu-request",
  usage,
  initial: [],
  parse: (text, before) => [...before, parseGpus(text)],
});

function parseGpus(text: string): DeviceRequest {
  const seen = new Map<string, string>();
  for (const field of splitCsv(text)) {
    const [, key = "count", value = ""] = field.includes("=") ? (/^([^=]*)=(.*)$/s.exec(field) ?? []) : [field, "count", field];
    if (seen.has(key)) throw new Error(`gpu request key '${key}' can be specified only once`);
    if (!["driver", "count", "device", "options", "capabilities"].includes(key)) throw new Error(`unexpected key '${key}' in '${field}'`);
    seen.set(key, value);
  }
  const ids = seen.get("device");
  const capabilities = seen.get("capabilities")?.split(",") ?? [];
  return {
    Driver: seen.get("driver") ?? "",
    Count: countOf(seen.get("count"), ids === undefined ? 1 : 0),
    DeviceIDs: ids === undefined ? null : splitCsv(ids),
    // As docker's: at the end, whether it is there already or not.
    Capabilities: [[...capabilities, "gpu"]],
    Options: Object.fromEntries(
      splitCsv(seen.get("options") ?? "")
        .filter(Boolean)
        .map((option) => [option.split("=", 1).join(""), option.replace(/^[^=]*=?/, "")]),
    ),
  };
}

function countOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (text === "all") return -1;
  if (!/^-?\d+$/.test(text)) throw new Error(`invalid count (${text}): value must be either "all" or an integer: invalid syntax`);
  return Number(text);
}
