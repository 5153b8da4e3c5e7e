import { createHash } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultStore } from "../../../src/provision/base-images.ts";
import { startEngine } from "../../../src/runtime/launch/start-engine.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

describe.skipIf(!isBuilt || !hasNamespaces)("a real engine (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  let docker: Docker;

  beforeAll(async () => {
    engine = await startTestEngine();
    docker = new Docker({ socketPath: engine.socket });
  });

  afterAll(() => engine[Symbol.asyncDispose]());

  /** `docker run` of these words; its output, both streams in order. */
  async function run(command: readonly string[], options: Docker.ContainerCreateOptions = {}): Promise<{ code: number; output: string }> {
    const container = await docker.createContainer({
      Image: "busybox",
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      ...options,
    });
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const out = new PassThrough();
    const whole = text(out);
    docker.modem.demuxStream(stream, out, out);
    stream.once("end", () => out.end());
    const exit = container.wait({ condition: "next-exit" }) as Promise<{ StatusCode: number }>;
    await container.start();
    const { StatusCode } = await exit;
    const output = await whole;
    await container.remove();
    return { code: StatusCode, output };
  }

  test("a megabyte of output arrives whole, though it is attached before the start and the process ends at once", async () => {
    const { code, output } = await run(["sh", "-c", "yes 0123456789abcde | head -c 1048576; exit 3"]);
    expect(code).toBe(3);
    const expected = "0123456789abcde\n".repeat(65_536);
    expect(output.length).toBe(expected.length);
    expect(createHash("sha256").update(output).digest("hex")).toBe(createHash("sha256").update(expected).digest("hex"));
  });

  test("a new named volume takes what the image has at its place, and keeps it for the next container", async () => {
    const binds = { HostConfig: { Binds: ["filled:/etc"] } };
    const first = await run(["sh", "-c", "head -n1 /etc/passwd; echo mine > /etc/mine"], binds);
    expect(first.output).toMatch(/^root:x:0:0/);
    expect((await run(["cat", "/etc/mine"], binds)).output).toBe("mine\n");
  });

  test("ten containers that start and end at once do not disturb each other", async () => {
    const results = await Promise.all(Array.from({ length: 10 }, (_, index) => run(["sh", "-c", `echo ${index}; exit ${index}`])));
    expect(results.map(({ code, output }) => [code, output])).toEqual(Array.from({ length: 10 }, (_, index) => [index, `${index}\n`]));
  });

  test("pause stops every process, also those that were forked, and unpause lets them go on", async () => {
    const container = await docker.createContainer({ Image: "busybox", Cmd: ["sh", "-c", "while :; do date +%s%N >> /ticks; done"] });
    await container.start();
    const ticks = async (): Promise<string> => {
      const { mtime } = JSON.parse(
        Buffer.from(
          String(
            (await (container.infoArchive({ path: "/ticks" }) as Promise<{ headers: Record<string, string> }>)).headers[
              "x-docker-container-path-stat"
            ],
          ),
          "base64",
        ).toString(),
      ) as { mtime: string };
      return mtime;
    };
    await expect.poll(() => ticks().catch(() => "")).not.toBe("");
    await container.pause();
    const before = await ticks();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await ticks()).toBe(before);
    await container.unpause();
    await expect.poll(ticks).not.toBe(before);
    await container.remove({ force: true });
  });

  test("after SIGKILL of the engine its root opens again: nothing is lost, what ran is exited with 137", async () => {
    await using first = await startTestEngine();
    const before = new Docker({ socketPath: first.socket });
    const kept = await before.createContainer({
      Image: "busybox",
      name: "kept",
      Cmd: ["sh", "-c", "echo x > /written; echo said; sleep 1000"],
    });
    const gone = await before.createContainer({ Image: "busybox", name: "gone", Cmd: ["sleep", "1000"], HostConfig: { AutoRemove: true } });
    await kept.start();
    await gone.start();
    await expect.poll(async () => String(await kept.logs({ stdout: true }))).toContain("said");
    process.kill(first.handle.pid, "SIGKILL");
    await first.handle.exited;
    const second = await startEngine({ root: first.root, store: defaultStore() });
    try {
      const after = new Docker({ socketPath: second.socket });
      const list = await after.listContainers({ all: true });
      expect(list.map(({ Names, State, Status }) => [Names[0], State, Status.replace(/ \d.*| Less.*/, "")])).toEqual([
        ["/kept", "exited", "Exited (137)"],
      ]);
      const again = after.getContainer("kept");
      expect(String(await again.logs({ stdout: true }))).toContain("said");
      expect(await again.changes()).toEqual([{ Kind: 1, Path: "/written" }]);
      await again.start();
      expect((await again.inspect()).State.Running).toBe(true);
    } finally {
      await second.stop();
    }
  });
});
