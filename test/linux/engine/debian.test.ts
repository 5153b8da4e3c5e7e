import { execFileSync, spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { removeTree } from "../../../src/harness/targets/workspace.ts";
import { defaultStore } from "../../../src/provision/base-images.ts";
import { enterEngine } from "../../../src/runtime/launch/enter-engine.ts";
import { startEngine } from "../../../src/runtime/launch/start-engine.ts";
import { baseImageTar } from "../../support/engine.ts";

/** `1` to make a root file system with debootstrap (about a minute, and a Debian mirror), or the folder of one, as CI has it. */
const asked = process.env["SLIPWAY_TEST_DEBIAN"] ?? "";
const mirror = process.env["SLIPWAY_TEST_MIRROR"] ?? "http://deb.debian.org/debian";
const missing = [...(asked === "1" ? ["debootstrap"] : []), "docker-registry"].filter(
  (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0,
);
const isPossible =
  asked !== "" && process.getuid?.() === 0 && missing.length === 0 && existsSync(join(import.meta.dirname, "../../../dist/bin"));

describe.skipIf(!isPossible)("a real Debian (needs SLIPWAY_TEST_DEBIAN, root, debootstrap, docker-registry)", () => {
  test(
    "is imported, runs, has a package installed by a build, is committed, saved, loaded, pushed and pulled",
    { timeout: 1_200_000 },
    async () => {
      await baseImageTar();
      const folder = mkdtempSync(join(tmpdir(), "debian-"));
      const rootfs = asked === "1" ? join(folder, "rootfs") : asked;
      if (asked === "1") execFileSync("debootstrap", ["--variant=minbase", "bookworm", rootfs, mirror], { stdio: "ignore" });
      const root = mkdtempSync(join(tmpdir(), "slipway-debian-"));
      chmodSync(root, 0o755);
      const engine = await startEngine({ root, store: defaultStore(), hostNetwork: true });
      const port = await freePort();
      // Beside the engine, whatever network it is in.
      const config = `version: 0.1\nstorage: {filesystem: {rootdirectory: /tmp/registry}}\nhttp: {addr: "127.0.0.1:${port}"}\n`;
      const script = `echo '${config}' > /tmp/registry.yml; exec docker-registry serve /tmp/registry.yml`;
      const [program, ...args] = enterEngine(engine, { cwd: "/tmp", command: ["sh", "-c", script] });
      const registry = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
      await listening(registry);
      const times: string[] = [];
      const sh = (what: string, script: string): string => {
        const start = performance.now();
        const output = execFileSync("sh", ["-ec", script], {
          cwd: folder,
          encoding: "utf8",
          env: { ...process.env, DOCKER_HOST: `unix://${engine.socket}`, DOCKER: join(import.meta.dirname, "../../../dist/bin/docker.js") },
        });
        times.push(`${what} ${Math.round(performance.now() - start)} ms`);
        return output.trim();
      };
      const image = `localhost:${port}/debian`;
      try {
        sh("import", `tar -C ${rootfs} -c . | $DOCKER import -c 'CMD ["bash"]' - debian:bare`);
        expect(
          sh(
            "run",
            "$DOCKER run --rm debian:bare bash -c '. /etc/os-release; echo $ID; dpkg -l | grep -c ^ii; stat -c %a /usr/bin/passwd'",
          ),
        ).toMatch(/^debian\n\d{2,3}\n4755$/);
        writeFileSync(
          join(folder, "Dockerfile"),
          `FROM debian:bare
RUN apt-get -o Acquire::Retries=5 update -q && apt-get -o Acquire::Retries=5 install -qy --no-install-recommends bc
RUN useradd -u 2000000000 far && su far -c 'id -u' && touch /far && chown far:70000 /far && su -s /bin/sh _apt -c 'id -un'
`,
        );
        sh("build", "mkdir -p context && mv Dockerfile context && $DOCKER build -q --network host -t debian:bc context");
        // Accounts far above 65535, as directories give them.
        expect(sh("run far", "$DOCKER run --rm -u far --group-add 80000 debian:bc sh -c 'id -u; id -G; stat -c %u:%g /far'")).toBe(
          "2000000000\n1000 80000\n2000000000:70000",
        );
        expect(sh("run bc", "echo 6*7 | $DOCKER run --rm -i debian:bc bc")).toBe("42");
        sh("run dpkg", "$DOCKER run --name changed debian:bc sh -c 'dpkg --purge bc && dpkg -l | grep -c ^ii > /count'");
        expect(sh("diff", "$DOCKER diff changed")).toMatch(/^D \/usr\/bin\/bc$/m);
        const id = sh("commit", `$DOCKER commit changed ${image}:1`);
        sh("save", `$DOCKER save -o debian.tar ${image}:1`);
        sh("remove", `$DOCKER rm changed && $DOCKER rmi ${image}:1`);
        sh("load", "$DOCKER load -qi debian.tar");
        expect(sh("run loaded", `$DOCKER run --rm ${image}:1 sh -c 'cat /count; ! command -v bc'`)).toMatch(/^\d+$/);
        sh("push", `$DOCKER push -q ${image}:1`);
        sh("remove all", `$DOCKER rmi ${image}:1 debian:bc debian:bare`);
        sh("pull", `$DOCKER pull -q ${image}:1`);
        expect(sh("inspect", `$DOCKER inspect -f '{{.Id}}' ${image}:1`)).toBe(id);
        expect(sh("run pulled", `$DOCKER run --rm ${image}:1 sh -c 'stat -c %a /usr/bin/passwd; ! command -v bc'`)).toBe("4755");
        process.stdout.write(`a real Debian: ${times.join(", ")}\n`);
      } finally {
        registry.kill("SIGKILL");
        await engine.stop();
        await removeTree(root);
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

function listening(server: ChildProcessByStdio<null, null, Readable>): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    server.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("listening on")) resolve();
    });
    server.once("exit", () => reject(new Error(output)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
