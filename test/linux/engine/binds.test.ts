import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startTestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

test.skipIf(!isBuilt || !hasNamespaces)(
  "no bind shows a container the engine's own files (needs a build, and user namespaces)",
  async () => {
    await using engine = await startTestEngine();
    await symlink("/run/slipway/root", join(engine.root, "tmp/link"));
    const start = async (source: string, command: string): Promise<string> => {
      const { Id } = await engine.client.createContainer(
        { Image: "busybox", Cmd: ["sh", "-c", command], HostConfig: { Binds: [`${source}:/bound`] } },
        { name: "" },
      );
      await engine.client.startContainer(Id);
      await (
        await engine.client.waitContainer(Id, "not-running")
      ).result;
      const logs = await engine.client.containerLogs(Id, { stdout: true });
      // Each piece of the stream has a header of eight bytes.
      return Buffer.concat(await logs.toArray())
        .toString("latin1")
        .replaceAll(/\x01\0{3}.{4}/gs, "");
    };
    for (const source of ["/run/slipway/root", "/run/slipway/store", "/tmp/link", "/proc/self/root/run/slipway/root"]) {
      await expect(start(source, "true")).rejects.toThrow(`bind ${source}: it is the engine's own: permission denied`);
    }
    expect(await start("/", "ls -A /bound/run/slipway; ls -d /bound/usr")).toBe("/bound/usr\n");
    // The link to the engine's socket leads nowhere in a container.
    // The link to the engine's socket leads nowhere in a container.
    expect(await start("/run", "ls -A /bound/slipway; ls /bound; test -e /bound/docker.sock || echo nowhere")).toBe(
      "docker.sock\nslipway\nnowhere\n",
    );
  },
);
