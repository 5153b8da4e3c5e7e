import { statSync } from "node:fs";
import { InternalError } from "../../base/errors.ts";
import type { HostConfig } from "../../docker/api/types.ts";

/** `MAJOR:MINOR`, and a rate or a weight for that device. */
export interface DeviceLimit {
  readonly device: string;
  readonly value: number;
}

/** What is asked of block devices, each by its file of version 1. */
export function blockLimits(limits: HostConfig): Readonly<Record<ThrottleFile, readonly DeviceLimit[]>> {
  const rates = (field: string): readonly DeviceLimit[] =>
    ((limits[field] ?? []) as readonly { Path?: string; Rate?: number }[]).map(({ Path = "", Rate = 0 }) => ({
      device: deviceOf(Path),
      value: Rate,
    }));
  return {
    "blkio.throttle.read_bps_device": rates("BlkioDeviceReadBps"),
    "blkio.throttle.write_bps_device": rates("BlkioDeviceWriteBps"),
    "blkio.throttle.read_iops_device": rates("BlkioDeviceReadIOps"),
    "blkio.throttle.write_iops_device": rates("BlkioDeviceWriteIOps"),
  };
}

export type ThrottleFile =
  | "blkio.throttle.read_bps_device"
  | "blkio.throttle.write_bps_device"
  | "blkio.throttle.read_iops_device"
  | "blkio.throttle.write_iops_device";

/** The same, in version 2's `io.max`. */
export const throttleKeys: Readonly<Record<ThrottleFile, string>> = {
  "blkio.throttle.read_bps_device": "rbps",
  "blkio.throttle.write_bps_device": "wbps",
  "blkio.throttle.read_iops_device": "riops",
  "blkio.throttle.write_iops_device": "wiops",
};

/** Weights of single devices. */
export function deviceWeights(limits: HostConfig): readonly DeviceLimit[] {
  return ((limits["BlkioWeightDevice"] ?? []) as readonly { Path?: string; Weight?: number }[]).map(({ Path = "", Weight = 0 }) => ({
    device: deviceOf(Path),
    value: Weight,
  }));
}

/** Whether anything of block devices is asked for. */
export function limitsBlockIo(limits: HostConfig): boolean {
  const lists = ["BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps"];
  return Boolean(limits.BlkioWeight) || lists.some((field) => ((limits[field] ?? []) as readonly unknown[]).length > 0);
}

/** @throws InternalError in Docker's words. */
function deviceOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new InternalError(`stat ${path}: no such file or directory`);
  const { rdev } = stat;
  // dev_t as the C library's major() and minor().
  return `${(rdev >>> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >>> 12) & 0xfff00)}`;
}
