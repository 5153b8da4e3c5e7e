import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UnixClient } from "../../../src/docker/client/unix-client.ts";
import { planWayOut, type WayOutPlan } from "../../../src/runtime/launch/way-out.ts";
import { baseImageTar } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { PrivateHost } from "../../support/private-host.ts";

const dist = join(import.meta.dirname, "../../../dist");
const slipway = join(dist, "bin/slipway.js");
const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
/** Root that may make a host of its own, with a kernel that gives what nftables is asked for. */
const canHost =
  isBuilt &&
  hasNamespaces &&
  process.geteuid?.() === 0 &&
  has("ip") &&
  spawnSync("unshare", [
    "--net",
    "--mount",
    "sh",
    "-c",
    "mount -t tmpfs none /dev/net && mknod -m 666 /dev/net/tun c 10 200 && : 3<>/dev/net/tun",
  ]).status === 0 &&
  masquerades();

function masquerades(): boolean {
  try {
    return planWayOut("nftables").kind === "nftables";
  } catch {
    return false;
  }
}

/** No account's, and one that may read what is built. */
const STRANGER = 64_321;
const asStranger = ["setpriv", `--reuid=${STRANGER}`, `--regid=${STRANGER}`, "--clear-groups"];
const strangerMay =
  canHost &&
  spawnSync(asStranger[0] ?? "", [...asStranger.slice(1), "unshare", "--user", "--map-root-user", "test", "-r", slipway]).status === 0;

test.skipIf(!isBuilt || process.geteuid?.() !== 0)(
  "a way out that cannot be had is refused in a line that says why (needs a build, and root)",
  () => {
    const root = join(tmpdir(), `slipway-no-way-${process.pid}`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [slipway, "engine", "--root", root, "--host-network", "pasta"], {
      encoding: "utf8",
    });
    rmSync(root, { recursive: true, force: true });
    expect([status, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^slipway: no way out by pasta: (not for root, whose .*|not installed)\n$/);
  },
);

/** An engine on a private host, started by its command; `kill` is of what it has on the host. */
async function engineOn(host: PrivateHost, options: { root: string; way: string; as?: readonly string[]; env?: Record<string, string> }) {
  const { root, way, as = [], env = {} } = options;
  const { child, line } = await host.start(
    [...as, process.execPath, slipway, "engine", "--root", root, "--host-network", way],
    "host",
    env,
  );
  const address = line.replace("DOCKER_HOST=", "");
  const docker = (...words: readonly string[]): Promise<string> =>
    host.run([process.execPath, join(dist, "bin/docker.js"), "-H", address, ...words]).catch((error: unknown) => String(error));
  await docker("pull", "-q", "busybox");
  const ask = (place: string): Promise<string> =>
    docker("run", "--rm", "busybox", "sh", "-c", `timeout 8 wget -qO- http://${place}/ || echo nobody`);
  return {
    docker,
    ask,
    labels: async () => ((await new UnixClient(address).info()) as { readonly Labels: readonly string[] }).Labels,
    kill: (name: string): boolean => process.kill(Number(processesOf(root, name)[0]), "SIGKILL"),
    exited: once(child, "exit"),
  };
}

/** Pids of what an engine has on the host, by how it calls itself. */
function processesOf(root: string, name: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return /^\d+$/.test(pid) && command.startsWith(name) && command.includes(root);
    } catch {
      return false;
    }
  });
}

const temporary = (): string => mkdtempSync(join(tmpdir(), "slipway-way-out-"));

describe.skipIf(!canHost)("a way out made by root (needs root, a build, namespaces, iproute2 and nf_tables)", () => {
  test("two engines' containers reach the host and the world behind it as the host, and SIGKILL leaves no interface and no rule", async () => {
    await baseImageTar();
    await using host = await PrivateHost.start();
    await Promise.all([host.greeter("world", "world", 7000), host.greeter("host", "host", 7001)]);
    const base = temporary();
    const [one, two] = await Promise.all(["one", "two"].map((name) => engineOn(host, { root: join(base, name), way: "nftables" })));
    if (one === undefined || two === undefined) throw new Error("two were started");
    const left = (): Promise<string> =>
      host.run([
        "sh",
        "-c",
        `ip -o link | grep -c slip || :; ${has("nft") ? "nft list tables | grep -c slipway || :" : "ip -o link | grep -c slip || :"}`,
      ]);
    expect(await one.labels()).toEqual(["io.slipway.way-out=nftables"]);
    expect(await left()).toBe("2\n2");
    for (const engine of [one, two]) {
      // The world knows no way back but to the host's own address.
      expect(await engine.ask("203.0.113.2:7000")).toBe("world to 203.0.113.1");
      expect(await engine.ask("203.0.113.1:7001")).toMatch(/^host to (10|172|192)\.\d+\.\d+\.\d+$/);
    }
    one.kill("slipway init");
    await one.exited;
    await expect.poll(left).toBe("1\n1");
    expect(await two.ask("203.0.113.2:7000")).toBe("world to 203.0.113.1");
    two.kill("slipway keeper");
    await two.exited;
    await expect.poll(left).toBe("0\n0");
    await expect.poll(() => processesOf(base, "slipway")).toEqual([]);
    rmSync(base, { recursive: true, force: true });
  });

  test("nothing is asked of a host that does not forward, or whose firewall drops: another way is taken, or none, with the reason", async () => {
    await using host = await PrivateHost.start();
    const program = `import(${JSON.stringify(join(dist, "runtime/launch/way-out.js"))}).then(({ planWayOut }) => console.log(JSON.stringify(planWayOut(true))))`;
    const plan = async (): Promise<Partial<WayOutPlan>> =>
      JSON.parse(await host.run([process.execPath, "-e", program])) as Partial<WayOutPlan>;
    const forward = (value: string): Promise<string> => host.run(["sh", "-c", `echo ${value} > /proc/sys/net/ipv4/ip_forward`]);
    await forward("0");
    expect(await plan()).not.toMatchObject({ kind: "nftables" });
    await forward("1");
    expect(await plan()).toMatchObject({ kind: "nftables" });
    if (!has("nft")) return;
    await host.run(["nft", "add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }"]);
    expect(await plan()).not.toMatchObject({ kind: "nftables" });
  });
});

describe.skipIf(!strangerMay || !has("pasta"))("a way out by pasta (needs pasta, and root to become an ordinary user)", () => {
  test("an ordinary user's containers reach the host, and SIGKILL leaves no process", async () => {
    await using host = await PrivateHost.start();
    await host.greeter("host", "host", 7000);
    const base = temporary();
    chmodSync(base, 0o755);
    const home = join(base, "home");
    mkdirSync(home);
    chownSync(home, STRANGER, STRANGER);
    const root = join(home, "root");
    const engine = await engineOn(host, {
      root,
      way: "pasta",
      as: asStranger,
      env: { HOME: home, XDG_CACHE_HOME: "", XDG_STATE_HOME: "", XDG_DATA_HOME: "" },
    });
    expect(await engine.labels()).toEqual(["io.slipway.way-out=pasta"]);
    expect(await engine.ask("203.0.113.1:7000")).toBe("host to 203.0.113.1");
    expect(processesOf(root, "").length).toBeGreaterThan(4);
    engine.kill("slipway keeper");
    await engine.exited;
    await expect.poll(() => processesOf(root, "")).toEqual([]);
    expect(readFileSync(join(root, "engine.log"), "utf8")).toBe("");
    rmSync(base, { recursive: true, force: true });
  });

  test("one that fails is not waited for: there is no way out, and the log has its words alone", async () => {
    await using host = await PrivateHost.start();
    const base = temporary();
    chmodSync(base, 0o755);
    writeFileSync(join(base, "pasta"), "#!/bin/sh\necho it cannot be >&2\nexit 1\n", { mode: 0o755 });
    const root = join(base, "home/root");
    mkdirSync(join(base, "home"));
    chownSync(join(base, "home"), STRANGER, STRANGER);
    const env = { HOME: join(base, "home"), PATH: `${base}:${process.env["PATH"]}`, XDG_CACHE_HOME: "" };
    const engine = await engineOn(host, { root, way: "pasta", as: asStranger, env });
    expect(await engine.labels()).toEqual(["io.slipway.way-out=none (pasta did not come up: engine.log has its words)"]);
    expect(readFileSync(join(root, "engine.log"), "utf8")).toBe("it cannot be\n");
    engine.kill("slipway keeper");
    await engine.exited;
    await expect.poll(() => processesOf(root, "")).toEqual([]);
    rmSync(base, { recursive: true, force: true });
  });
});
