import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultStore } from "../../../src/provision/base-images.ts";
import { enteredEnvironment, enterEngine } from "../../../src/runtime/launch/enter-engine.ts";
import { type EngineHandle, startEngine } from "../../../src/runtime/launch/start-engine.ts";
import { baseImageTar } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

const hasSlirp = spawnSync("slirp4netns", ["--version"]).status === 0 && mayUse("/dev/net/tun");
/** Where a container finds the host: not by loopback. */
const hostAddress = Object.values(networkInterfaces())
  .flat()
  .find((place) => place?.family === "IPv4" && !place.internal && !place.address.startsWith("172."))?.address;

describe.skipIf(!isBuilt || !hasNamespaces)("an engine that reaches the host's network (needs a build, and user namespaces)", () => {
  let base: string;
  const started: EngineHandle[] = [];
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), "slipway-gateway-"));
  });
  afterAll(async () => {
    await Promise.all(started.map((engine) => engine.stop()));
    rmSync(base, { recursive: true, force: true });
  });

  async function start(): Promise<{ engine: EngineHandle; docker: (words: string) => Promise<string> }> {
    await baseImageTar();
    const engine = await startEngine({ root: join(base, `root-${started.length}`), store: defaultStore(), hostNetwork: true });
    started.push(engine);
    // Not synchronous: servers of this process are to answer meanwhile.
    const docker = async (words: string): Promise<string> => {
      const [file, ...args] = enterEngine(engine, { cwd: "/", command: ["sh", "-c", `docker ${words}`] });
      const { all } = await execa(file, args, { env: enteredEnvironment("/usr/bin:/bin"), all: true, reject: false, stdin: "ignore" });
      return all.trim();
    };
    await docker("pull -q busybox");
    return { engine, docker };
  }

  /** What the host's process list has of an engine's: its keeper, publisher, way out and all below. */
  function processesOf(engine: EngineHandle): readonly string[] {
    return readdirSync("/proc").filter((pid) => {
      if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return command.includes(engine.root) || command.includes(`userns-path=/proc/${engine.pid}/`);
      } catch {
        return false;
      }
    });
  }

  test("publishes ports on the host, tells of busy ones, and after SIGKILL nothing of it is left there", async () => {
    const { engine, docker } = await start();
    await docker("run -d --name web -p 0:80 busybox sh -c 'mkdir /w && echo page > /w/index.html && exec httpd -f -h /w -p 80'");
    const port = Number(/0\.0\.0\.0:(\d+)/.exec(await docker("port web 80"))?.[1]);
    const page = (): Promise<string> =>
      fetch(`http://127.0.0.1:${port}/`).then(
        (response) => response.text(),
        () => "nobody",
      );
    await expect.poll(page).toBe("page\n");
    await using busy = await greeter("busy", "127.0.0.1");
    expect(await docker(`run --rm -p 127.0.0.1:${busy.port}:80 busybox true`)).toContain(
      `listen tcp4 127.0.0.1:${busy.port}: bind: address already in use`,
    );
    expect(processesOf(engine).length).toBeGreaterThan(3);
    process.kill(engine.pid, "SIGKILL");
    await engine.exited;
    expect(await page()).toBe("nobody");
    expect(processesOf(engine)).toEqual([]);
  });

  test.skipIf(!hasSlirp || hostAddress === undefined)(
    "its containers reach what the host reaches, and not each other's networks by that way (needs slirp4netns and /dev/net/tun)",
    async () => {
      const { engine, docker } = await start();
      await using host = await greeter("from the host", hostAddress ?? "");
      await docker("network create lan");
      const ask = (network: string, place: string): Promise<string> =>
        docker(`run --rm --network ${network} busybox sh -c 'timeout 8 nc -w 3 ${place} </dev/null 2>/dev/null || echo nobody'`);
      for (const network of ["bridge", "lan"]) expect(await ask(network, `${hostAddress} ${host.port}`)).toBe("from the host");
      expect(await ask("none", `${hostAddress} ${host.port}`)).toBe("nobody");
      await docker(
        "run -d --name other --network lan busybox sh -c 'mkdir /w && echo reached > /w/index.html && exec httpd -f -h /w -p 80'",
      );
      const other = await docker("inspect -f {{.NetworkSettings.Networks.lan.IPAddress}} other");
      const page = (network: string): Promise<string> =>
        docker(`run --rm --network ${network} busybox sh -c 'timeout 8 wget -qO- http://${other}/ 2>/dev/null || echo nobody'`);
      await expect.poll(() => page("lan")).toBe("reached");
      expect(await page("bridge")).toBe("nobody");
      await engine.stop();
      expect(processesOf(engine)).toEqual([]);
    },
  );
});

function mayUse(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A server that says one line to whoever comes. */
async function greeter(line: string, address: string): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) =>
    sockets.add(
      socket
        .on("error", () => undefined)
        .resume()
        .end(`${line}\n`),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
