import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonMessage } from "../../../src/docker/api/types.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { dir, file, symlink, tarOf, type TarItem } from "../../support/tar-of.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

describe.skipIf(!isBuilt || !hasNamespaces)("a build on a real engine (needs a build, and user namespaces)", () => {
  let engine: TestEngine;

  beforeAll(async () => {
    engine = await startTestEngine();
  });

  afterAll(() => engine[Symbol.asyncDispose]());

  /** Starts a build of this Dockerfile, with more files if given. */
  async function start(
    dockerfile: string,
    items: readonly TarItem[] = [],
    options: { readonly query?: Record<string, unknown>; readonly signal?: AbortSignal } = {},
  ): Promise<AsyncIterable<JsonMessage>> {
    const context = Readable.from([tarOf(file("Dockerfile", dockerfile), ...items)]);
    return await engine.client.buildImage(context, { version: "1", ...options.query }, options.signal);
  }

  async function build(...given: Parameters<typeof start>): Promise<{ readonly output: string; readonly error: string }> {
    let output = "";
    let error = "";
    for await (const message of await start(...given)) {
      output += message.stream ?? "";
      error += message.error ?? "";
    }
    return { output, error };
  }

  /** Containers, snapshots in the making, and folders of builds, as far as this user may look. */
  async function leftOvers(): Promise<readonly string[]> {
    const containers = await engine.client.listContainers({ all: true });
    const folders = await Promise.all(
      ["snapshots/active", "containers", "builds"].map((name) => readdir(join(engine.root, name)).catch(() => [])),
    );
    return [...containers.map(({ Id }) => Id), ...folders.flat()];
  }

  test("leaves nothing of a step that failed, whatever it was", async () => {
    const ran = await build("FROM busybox\nVOLUME /v\nRUN echo before; echo x > /v/x; exit 3\n", [], { query: { forcerm: true } });
    expect(ran.output).toContain("before");
    expect(ran.error).toBe("The command '/bin/sh -c echo before; echo x > /v/x; exit 3' returned a non-zero code: 3");
    const copied = await build("FROM busybox\nCOPY a b /etc/passwd/\n", [file("a"), file("b")]);
    expect(copied.error).toContain("not a directory");
    const started = await build('FROM busybox\nRUN ["/nope"]\n');
    expect(started.error).toContain("/nope");
    expect(await leftOvers()).toEqual([]);
    expect((await engine.client.listVolumes()).Volumes).toEqual([]);
  });

  test("keeps the container of a program that failed, as dockerd's builder does, unless it is to be removed", async () => {
    await build("FROM busybox\nRUN echo left > /trace; exit 4\n");
    const [kept, ...more] = await engine.client.listContainers({ all: true });
    expect({ state: kept?.State, status: kept?.Status, more }).toEqual({
      state: "exited",
      status: expect.stringContaining("Exited (4)"),
      more: [],
    });
    await engine.client.removeContainer(kept?.Id ?? "", {});
    await build("FROM busybox\nRUN exit 4\n", [], { query: { forcerm: true } });
    expect(await leftOvers()).toEqual([]);
  });

  test("ends with the connection, and so does what it runs", async () => {
    const client = new AbortController();
    const reading = (async () => {
      for await (const { stream } of await start("FROM busybox\nRUN echo ready; sleep 1000\n", [], { signal: client.signal })) {
        if (stream?.includes("ready")) client.abort();
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(Error);
    await expect.poll(leftOvers).toEqual([]);
  });

  test("does not leave the context by symlinks or names", async () => {
    const links = [symlink("out", "/etc/shadow"), symlink("up", "../../../../../etc"), dir("d"), symlink("d/in", "/../kept")];
    for (const source of ["out", "up/shadow", "up/"]) {
      const { error } = await build(`FROM busybox\nCOPY ${source} /x\n`, links);
      expect(error).toMatch(/^COPY failed: file not found in build context/);
    }
    const inside = await build("FROM busybox\nCOPY d/in /x\nRUN cat /x\n", [...links, file("kept", "kept\n")]);
    expect(inside.output).toContain("\nkept\n");
    await expect(build("FROM busybox\n", [file("../evil", "x")])).rejects.toThrow("outside of the archive's root");
    expect(await leftOvers()).toEqual([]);
  });

  test("finds its steps again by content: not by times, but by modes and bytes", async () => {
    const run = async (content: string, attributes: { mtime?: bigint; mode?: number }): Promise<number> => {
      const { output, error } = await build("FROM busybox\nCOPY f /f\nRUN cat /f\n", [file("f", content, attributes)]);
      expect(error).toBe("");
      return output.split("Using cache").length - 1;
    };
    expect(await run("1", { mtime: 1_000_000_000n })).toBe(0);
    expect(await run("1", { mtime: 2_000_000_000n })).toBe(2);
    expect(await run("1", { mode: 0o600 })).toBe(0);
    expect(await run("2", {})).toBe(0);
  });

  test("gives a slow reader all output of a step, in order", async () => {
    const { output, error } = await build("FROM busybox\nRUN i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done\n");
    expect(error).toBe("");
    expect(output.match(/^line \d+$/gm)?.map((line) => Number(line.slice(5)))).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
  });
});
