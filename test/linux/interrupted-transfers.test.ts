import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonMessage } from "../../src/docker/api/types.ts";
import { BesideEngine, registryScript } from "../support/beside-engine.ts";
import { startTestEngine, type TestEngine } from "../support/engine.ts";
import { hasNamespaces, isBuilt } from "../support/engine-allowed.ts";
import { dockerArchive, messagesOf } from "../support/image-world.ts";
import { file } from "../support/tar-of.ts";

const installed = spawnSync("docker-registry", ["--version"]).status === 0;

/** Passes connections on to port 5000, but after so many bytes of an answer (on 5002) or of a request (on 5003) only while `/tmp/open` is there. */
const gates = `
  const net = require("node:net");
  const { existsSync } = require("node:fs");
  const gate = (port, held) => net.createServer((client) => {
    const server = net.connect(5000, "127.0.0.1");
    const [from, to] = held === "answers" ? [server, client] : [client, server];
    let left = 300_000;
    let waiting;
    for (const socket of [client, server]) socket.on("error", () => {}).on("close", () => { clearInterval(waiting); client.destroy(); server.destroy(); });
    to.pipe(from);
    from.on("data", (chunk) => {
      to.write(chunk);
      left -= chunk.length;
      if (left > 0 || existsSync("/tmp/open")) return;
      from.pause();
      waiting = setInterval(() => { if (existsSync("/tmp/open")) { clearInterval(waiting); left = Infinity; from.resume(); } }, 20);
    });
    from.on("end", () => to.end());
  }).listen(port, "127.0.0.1");
  gate(5002, "answers");
  gate(5003, "requests").on("listening", () => console.log("listening on 5003"));
`;

describe.skipIf(!isBuilt || !hasNamespaces || !installed)(
  "transfers that stop (needs a build, user namespaces, and docker-registry)",
  () => {
    let engine: TestEngine;
    let beside: BesideEngine;

    beforeAll(async () => {
      engine = await startTestEngine();
      beside = new BesideEngine(engine);
      await Promise.all([
        beside.serve(registryScript("registry", "127.0.0.1:5000")),
        beside.serve(`exec /run/slipway/bin/node -e '${gates}'`),
      ]);
      const small = [file("small", "s")];
      await messagesOf(await engine.client.loadImages(Readable.from([dockerArchive("base:1", [small])])));
      await messagesOf(
        await engine.client.loadImages(Readable.from([dockerArchive("app:1", [small, [file("large", randomBytes(2_000_000))]])])),
      );
      await engine.client.tagImage("app:1", { repo: "localhost:5000/app", tag: "1" });
      await messagesOf(await engine.client.pushImage({ image: "localhost:5000/app", tag: "1" }));
    });
    beforeEach(() => rmSync(join(engine.root, "tmp/open"), { force: true }));
    afterAll(async () => {
      beside?.[Symbol.dispose]();
      await engine?.[Symbol.asyncDispose]();
    });

    const openGate = (): void => writeFileSync(join(engine.root, "tmp/open"), "");
    const being = (folder: string): readonly string[] => readdirSync(join(engine.root, folder));
    const forget = async (...names: readonly string[]): Promise<void> => {
      for (const name of names) await engine.client.removeImage(name, { force: true }).catch(() => undefined);
    };
    const pull = (signal?: AbortSignal): Promise<AsyncIterable<JsonMessage>> =>
      engine.client.pullImage({ image: "localhost:5002/app", tag: "1" }, signal);

    /** Reads on until the engine tells that more than a part of the large layer has gone. */
    async function underWay(messages: AsyncIterable<JsonMessage>, status: string): Promise<AsyncIterator<JsonMessage>> {
      const iterator = messages[Symbol.asyncIterator]();
      for (;;) {
        const { value, done } = (await iterator.next()) as IteratorResult<JsonMessage, undefined>;
        if (done) throw new Error(`it was over before it was ${status}`);
        if (value.status === status && (value.progressDetail?.total ?? 0) > 1_000_000) return iterator;
      }
    }

    async function restOf(iterator: AsyncIterator<JsonMessage>): Promise<readonly string[]> {
      return await messagesOf({ [Symbol.asyncIterator]: () => iterator });
    }

    test("a pull whose client goes away ends at once, also at a registry that says nothing, and leaves nothing", async () => {
      await forget("app:1", "localhost:5000/app:1");
      const before = being("content/blobs/sha256").toSorted();
      const gone = new AbortController();
      await underWay(await pull(gone.signal), "Downloading");
      expect(being("content/ingest")).not.toEqual([]);
      gone.abort();
      await expect.poll(() => being("content/ingest")).toEqual([]);
      await expect.poll(() => being("content/blobs/sha256").toSorted()).toEqual(before);
      expect((await engine.client.listImages({ all: true })).flatMap(({ RepoTags }) => RepoTags).toSorted()).toEqual([
        "base:1",
        "busybox:latest",
      ]);
      openGate();
      expect((await messagesOf(await pull())).at(-1)).toContain("Downloaded newer image for localhost:5002/app:1");
    });

    test("two pulls of one image at a time both end well, and so does one under which another image with its layer is removed", async () => {
      await forget("app:1", "localhost:5000/app:1", "localhost:5002/app:1");
      const running = await Promise.all([pull(), pull()].map(async (messages) => await underWay(await messages, "Downloading")));
      await engine.client.removeImage("base:1");
      openGate();
      for (const lines of await Promise.all(running.map(restOf)))
        expect(lines.at(-1)).toMatch(/^Status: (?:Downloaded newer image|Image is up to date) for localhost:5002\/app:1$/);
      expect(being("content/ingest")).toEqual([]);
      const image = await engine.client.inspectImage("localhost:5002/app:1");
      expect(image.RootFS?.Layers).toHaveLength(2);
      // Both layers are there, each with its bytes.
      const { Id } = await engine.client.createContainer({ Image: "localhost:5002/app:1", Cmd: ["x"] }, {});
      const sizes = await Promise.all(["/small", "/large"].map(async (path) => (await engine.client.statPath(Id, path))?.size));
      expect(sizes).toEqual([1, 2_000_000]);
      await engine.client.removeContainer(Id);
    });

    test("a push whose client goes away ends at once and names nothing, and the next one brings it all", async () => {
      await messagesOf(
        await engine.client.loadImages(Readable.from([dockerArchive("localhost:5003/late:1", [[file("large", randomBytes(2_000_000))]])])),
      );
      const gone = new AbortController();
      const target = { image: "localhost:5003/late", tag: "1" };
      await underWay(await engine.client.pushImage(target, gone.signal), "Pushing");
      const sockets = (): string => beside.run("grep -c ' [0-9A-F]*:[0-9A-F]* 0100007F:138B 01 ' /proc/net/tcp || true").trim();
      expect(sockets()).not.toBe("0");
      gone.abort();
      // Of connections to 5003, which is 138B, none is left.
      await expect.poll(sockets).toBe("0");
      openGate();
      expect(beside.run("curl -s http://localhost:5000/v2/late/tags/list")).toContain("NAME_UNKNOWN");
      expect((await messagesOf(await engine.client.pushImage(target))).join("\n")).toContain("1: digest: sha256:");
      await forget("localhost:5003/late:1");
    });
  },
);
