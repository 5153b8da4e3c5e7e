import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

describe.skipIf(!isBuilt || !hasNamespaces)("limits on a real engine (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  let docker: Docker;
  beforeAll(async () => {
    engine = await startTestEngine();
    docker = new Docker({ socketPath: engine.socket });
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  /** A container under limits; null where this host cannot give them, which the engine says at once. */
  async function limited(Cmd: readonly string[], HostConfig: Docker.HostConfig): Promise<Docker.Container | null> {
    const container = await docker.createContainer({ Image: "busybox", Cmd: [...Cmd], HostConfig });
    const { Warnings } = (await container.inspect()) as unknown as { Warnings?: readonly string[] };
    expect(Warnings ?? []).toEqual([]);
    const info = (await docker.info()) as { MemoryLimit: boolean; CpuCfsQuota: boolean; PidsLimit: boolean };
    return info.MemoryLimit && info.CpuCfsQuota && info.PidsLimit ? container : null;
  }

  test("a process 1 that takes more memory than it may is killed, and that is told as OOMKilled with 137", async ({ skip }) => {
    const container = await limited(["tail", "/dev/zero"], { Memory: 16 << 20, MemorySwap: 16 << 20 });
    if (container === null) return skip("no cgroups here");
    await container.start();
    expect(await container.wait()).toMatchObject({ StatusCode: 137 });
    expect((await container.inspect()).State).toMatchObject({ OOMKilled: true, ExitCode: 137, Status: "exited" });
  });

  test("a busy container gets no more than its share of a CPU, and more when that is raised", async ({ skip }) => {
    const container = await limited(["sh", "-c", "while :; do :; done"], { NanoCpus: 2e8 });
    if (container === null) return skip("no cgroups here");
    await container.start();
    // Between the question and its answer any time may pass: both count to what lies between two looks.
    const used = async (): Promise<{ asked: number; cpu: number; answered: number }> => {
      const asked = performance.now();
      const { cpu_stats } = await container.stats({ stream: false, "one-shot": true } as { stream: false });
      return { asked, cpu: cpu_stats.cpu_usage.total_usage / 1e6, answered: performance.now() };
    };
    const before = await used();
    let now = before;
    // Some ten of the kernel's periods of 100 ms.
    while (now.asked - before.answered < 1000) now = await used();
    expect((now.cpu - before.cpu) / (now.answered - before.asked)).toBeLessThan(0.3);
    await container.update({ NanoCpus: 1e9 });
    await expect.poll(async () => (await used()).cpu - now.cpu).toBeGreaterThan(400);
    await container.remove({ force: true });
  });

  test("no more processes start than may be", async ({ skip }) => {
    const container = await limited(["sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 9 & done 2>/dev/null; sleep 9"], { PidsLimit: 5 });
    if (container === null) return skip("no cgroups here");
    await container.start();
    const exit = await container.wait();
    expect(exit).toMatchObject({ StatusCode: 2 });
    await container.remove();
  });
});
