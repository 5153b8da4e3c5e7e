import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { enterEngine } from "../../../src/runtime/launch/enter-engine.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { childrenOf, enginePid } from "../../support/engine-process.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

const allowed = process.getuid?.() === 0 && hasNamespaces;

/** What an engine holds of the kernel: open files, processes, mounts, network devices; and its memory in MB. */
interface Holdings {
  readonly files: number;
  readonly processes: number;
  readonly mounts: number;
  readonly devices: readonly string[];
  readonly namespaces: number;
  readonly megabytes: number;
}

function holdings(engine: TestEngine, pid: number): Holdings {
  const [program, ...args] = enterEngine(engine.handle, { cwd: "/", command: ["ls", "/sys/class/net"] });
  const all = [pid, ...childrenOf(pid)];
  const links = all.flatMap((each) => {
    try {
      return readdirSync(`/proc/${each}/ns`).map((name) => readlinkSync(`/proc/${each}/ns/${name}`));
    } catch {
      // It has ended since it was listed.
      return [];
    }
  });
  return {
    files: readdirSync(`/proc/${pid}/fd`).length,
    processes: all.length,
    mounts: readFileSync(`/proc/${pid}/mountinfo`, "utf8").split("\n").length,
    devices: execFileSync(program, args, { encoding: "utf8" })
      .trim()
      .split("\n")
      .filter((name) => name.startsWith("veth")),
    namespaces: new Set(links).size,
    megabytes: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024,
  };
}

/** What an engine holds when it has done what it does after a container's end: nothing but memory changed for a second. */
async function settled(look: () => Holdings): Promise<Holdings> {
  for (let last = look(); ;) {
    await setTimeout(1000);
    const now = look();
    if (isDeepStrictEqual({ ...now, megabytes: 0 }, { ...last, megabytes: 0 })) return now;
    last = now;
  }
}

describe.skipIf(!isBuilt || !allowed)("a soak (needs a build, root, and user namespaces)", () => {
  test("200 containers, 20 at a time, that are executed in, stopped and removed, leave nothing behind", { timeout: 600_000 }, async () => {
    await using engine = await startTestEngine();
    const { client } = engine;
    const pid = enginePid(engine.handle.pid);
    const one = async (name: string): Promise<void> => {
      const { Id } = await client.createContainer({ Image: "busybox", Cmd: ["sh", "-c", "trap exit TERM; sleep 1000 & wait"] }, { name });
      await client.startContainer(Id);
      const exec = await client.createExec(Id, { Cmd: ["echo", "in"], AttachStdout: true });
      const { stream } = await client.startExec(exec.Id, { tty: false, consoleSize: null });
      stream.resume();
      await new Promise((resolve) => stream.once("close", resolve));
      await client.stopContainer(Id, { timeout: 0 });
      await client.removeContainer(Id, { volumes: true });
    };
    const round = async (count: number, label: string): Promise<void> => {
      for (let start = 0; start < count; start += 20)
        await Promise.all(Array.from({ length: 20 }, (_, index) => one(`${label}-${start + index}`)));
    };
    // What is loaded and kept warm once is no leak.
    await round(200, "warm");
    const look = (): Holdings => holdings(engine, pid);
    // A pool that happens to be fuller, or what is about to go, is in the first look: less than that later is no leak.
    const more = (before: Holdings): readonly string[] => {
      const now = look();
      return [
        ...(["files", "processes", "mounts", "namespaces"] as const).filter((kind) => now[kind] > before[kind]),
        ...now.devices.filter((name) => !before.devices.includes(name)),
      ];
    };
    /** How many MB another round leaves, at the least of what is seen until the engine that waits has given back what it took. */
    const grownBy = async (label: string): Promise<number> => {
      const before = await settled(look);
      await round(200, label);
      await expect.poll(() => more(before), { interval: 200 }).toEqual([]);
      let least = Infinity;
      for (let tries = 0; tries < 20 && least >= 20; tries++) {
        least = Math.min(least, look().megabytes - before.megabytes);
        if (least >= 20) await setTimeout(500);
      }
      return least;
    };
    // What each container left would be left by the next two hundred, too; what V8 keeps for itself is not.
    const first = await grownBy("soak");
    expect(first < 20 ? first : await grownBy("again")).toBeLessThan(20);
  });
});
