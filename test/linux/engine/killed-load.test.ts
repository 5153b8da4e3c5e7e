import { mkdtempSync, readdirSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { UnixClient } from "../../../src/docker/client/unix-client.ts";
import { removeTree } from "../../../src/harness/targets/workspace.ts";
import { defaultStore } from "../../../src/provision/base-images.ts";
import { startEngine } from "../../../src/runtime/launch/start-engine.ts";
import { baseImageTar } from "../../support/engine.ts";
import { dockerArchive, messagesOf } from "../../support/image-world.ts";
import { file } from "../../support/tar-of.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

describe.skipIf(!isBuilt || !hasNamespaces)("an engine that is killed (needs a build and user namespaces)", () => {
  test("in the middle of a load has, when it comes back, what it had before and nothing else, and takes the load again", async () => {
    await baseImageTar();
    const root = mkdtempSync(join(tmpdir(), "slipway-killed-"));
    await chmod(root, 0o755);
    const blobs = join(root, "content/blobs/sha256");
    const archive = dockerArchive("big:1", [[file("one", randomBytes(3_000_000))], [file("two", randomBytes(3_000_000))]]);
    try {
      const first = await startEngine({ root, store: defaultStore() });
      const client = new UnixClient(`unix://${first.socket}`);
      await messagesOf(await client.loadImages(Readable.from([dockerArchive("small:1", [[file("f", "x")]])])));
      const before = readdirSync(blobs).toSorted();
      const body = new PassThrough();
      // All but the end, so that there are whole blobs and one in the making.
      body.write(archive.subarray(0, 5_000_000));
      const loading = client.loadImages(body).then(messagesOf, () => []);
      loading.catch(() => {});
      while (readdirSync(blobs).length === before.length || readdirSync(join(root, "content/ingest")).length === 0) await sleep(10);
      process.kill(first.pid, "SIGKILL");
      await first.exited;
      body.destroy();
      await loading.catch(() => {});

      const second = await startEngine({ root, store: defaultStore() });
      try {
        const again = new UnixClient(`unix://${second.socket}`);
        expect(readdirSync(blobs).toSorted()).toEqual(before);
        expect(readdirSync(join(root, "content/ingest"))).toEqual([]);
        expect((await again.listImages()).flatMap(({ RepoTags }) => RepoTags)).toEqual(["small:1"]);
        expect(await messagesOf(await again.loadImages(Readable.from([archive])))).toContain("Loaded image: big:1\n");
      } finally {
        await second.stop();
      }
    } finally {
      await removeTree(root);
    }
  });
});
