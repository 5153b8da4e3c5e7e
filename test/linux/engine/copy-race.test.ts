import { chmod, mkdir, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { file, tarOf } from "../../support/tar-of.ts";

async function exec({ client }: TestEngine, container: string, command: string): Promise<number | null> {
  const { Id } = await client.createExec(container, { Cmd: ["sh", "-c", command], AttachStdout: true });
  await client.startExecDetached(Id);
  await expect.poll(async () => (await client.inspectExec(Id)).ExitCode).not.toBeNull();
  return (await client.inspectExec(Id)).ExitCode;
}

describe.skipIf(!isBuilt || !hasNamespaces)("copies with links that others change (needs a build, and user namespaces)", () => {
  test("a container that makes its folder a link outwards while it is copied into gets nothing out", async () => {
    await using engine = await startTestEngine();
    const { client } = engine;
    const { Id } = await client.createContainer({ Image: "busybox", Cmd: ["sleep", "1000"], HostConfig: { Binds: ["vol:/v"] } });
    await client.startContainer(Id);
    for (const folder of ["/d", "/v/d"]) {
      expect(await exec(engine, Id, `mkdir ${folder}`)).toBe(0);
      const tar = tarOf(file("one", "1"), file("two", "2"));
      const swapped = Readable.from(
        (async function* () {
          yield tar.subarray(0, 1024);
          await expect.poll(() => exec(engine, Id, `test -e ${folder}/one`)).toBe(0);
          expect(await exec(engine, Id, `rm -r ${folder} && ln -s /run/slipway/root/tmp ${folder}`)).toBe(0);
          yield tar.subarray(1024);
        })(),
      );
      await expect(client.putArchive(Id, folder, swapped)).rejects.toThrow("no such file or directory");
    }
    expect(await readdir(join(engine.root, "tmp"))).toEqual([]);
  });

  test("a bind whose folder came to lie in the engine's own files, by a link above it, is neither copied into nor from", async () => {
    await using engine = await startTestEngine();
    const { client } = engine;
    await mkdir(join(engine.root, "tmp/data/root"), { recursive: true });
    // Of whom the engine is none.
    await chmod(join(engine.root, "tmp/data/root"), 0o777);
    const { Id } = await client.createContainer({ Image: "busybox", HostConfig: { Binds: ["/tmp/data/root:/d"] } });
    await client.putArchive(Id, "/d", Readable.from([tarOf(file("x", "x"))]));
    await rm(join(engine.root, "tmp/data"), { recursive: true });
    await symlink("/run/slipway", join(engine.root, "tmp/data"));
    const refused = "bind /run/slipway/root: it is the engine's own: permission denied";
    await expect(client.putArchive(Id, "/d/tmp", Readable.from([tarOf(file("x", "x"))]))).rejects.toThrow(refused);
    await expect(client.getArchive(Id, "/d/lock")).rejects.toThrow(refused);
    await expect(client.getArchive(Id, "/d/")).rejects.toThrow(refused);
    expect(await readdir(join(engine.root, "tmp"))).toEqual(["data"]);
  });

  test("an export of a container that runs, from its own root, is as that of its layers when it has ended", async () => {
    await using engine = await startTestEngine();
    const { client } = engine;
    const command =
      "mkdir -p /d/e && echo x > /d/e/f && ln /d/e/f /d/g && ln -s /run/slipway /d/out && rm -r /home && touch /d/made && exec sleep 1000";
    const { Id } = await client.createContainer({ Image: "busybox", Cmd: ["sh", "-c", command] });
    await client.startContainer(Id);
    await expect.poll(() => exec(engine, Id, "test -e /d/made")).toBe(0);
    const whole = async (): Promise<Buffer> => await buffer(await client.exportContainer(Id));
    const running = await whole();
    await client.stopContainer(Id, { timeout: 0 });
    expect(running.equals(await whole())).toBe(true);
    expect(running.includes("d/out")).toBe(true);
  });
});
