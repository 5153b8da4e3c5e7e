import { expect, test } from "vitest";
import { MemoryVolumes } from "../../../../src/runtime/volumes/memory-volumes.ts";

test("a volume in memory is mounted for the first that uses it and unmounted after the last", () => {
  const calls: string[] = [];
  const volumes = new MemoryVolumes({
    mount: (_source, target, type, flags, data) => void calls.push(`mount ${target} ${type} ${flags} ${data}`),
    unmount: (target) => void calls.push(`unmount ${target}`),
  });
  volumes.use("/v", ["size=1m", "noexec"]);
  volumes.use("/v", ["size=1m", "noexec"]);
  volumes.release("/v");
  expect(calls).toEqual(["mount /v tmpfs 8 size=1m"]);
  volumes.release("/v");
  expect(calls).toEqual(["mount /v tmpfs 8 size=1m", "unmount /v"]);
});
