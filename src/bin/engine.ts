import { closeSync, readFileSync, rmSync, writeSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import { EngineServer } from "../docker/server/server.ts";
import { parseUnpackLimits } from "../oci/tar/unpack-limits.ts";
import { ContainerRegistry } from "../runtime/containers/registry.ts";
import { LayeredStore } from "../runtime/content/layered-store.ts";
import { OciLayoutStore } from "../runtime/content/oci-layout-store.ts";
import { createEngine } from "../runtime/engine/engine.ts";
import { collectWhenIdle } from "../runtime/engine/idle-memory.ts";
import { EventLog } from "../runtime/engine/events.ts";
import { ImageStore } from "../runtime/images/image-store.ts";
import { HttpRegistry } from "../runtime/images/registry/http-registry.ts";
import { parseInsecureRegistries, RegistryHosts } from "../runtime/images/registry/registry-hosts.ts";
import { SharedStore } from "../runtime/images/shared-store.ts";
import { HostSockets } from "../runtime/kernel/host-sockets.ts";
import { LinuxKernel } from "../runtime/kernel/linux.ts";
import { openCgroups } from "../runtime/kernel/open-cgroups.ts";
import { BridgeNetworks } from "../runtime/networks/bridge-networks.ts";
import { parseUplink } from "../runtime/networks/uplink.ts";
import { rootLayout } from "../runtime/root-layout.ts";
import { LinuxSandbox } from "../runtime/sandbox/linux-sandbox.ts";
import { findRuntimes } from "../runtime/sandbox/oci-runtimes.ts";
import { OciSandbox } from "../runtime/sandbox/oci-sandbox.ts";
import { OverlaySnapshotter } from "../runtime/snapshots/overlay.ts";
import { VolumeStore } from "../runtime/volumes/volume-store.ts";
import { atStart } from "./at-start.ts";
import { commandRoute, loadServing } from "./command-route.ts";

/** As the build wrote it. */
function buildFacts(): { commit: string; time: string } {
  try {
    return JSON.parse(readFileSync(join(import.meta.dirname, "../build.json"), "utf8")) as { commit: string; time: string };
  } catch {
    return { commit: "", time: "" };
  }
}

const complain = (what: string, error: unknown): void => {
  process.stderr.write(`slipway: ${what}: ${error instanceof Error ? error.stack : messageOf(error)}\n`);
};
// The engine's composition root: runs inside the namespaces that `runtime/launch` made, as told by its environment.
async function main(): Promise<void> {
  process.umask(0o022);
  // One request's mistake must not end every container; the engine's log has it.
  process.on("uncaughtException", (error) => complain("uncaught", error));
  const layout = rootLayout(process.env["SLIPWAY_ROOT"] ?? "/run/slipway/root");
  const storeFolder = process.env["SLIPWAY_STORE"] ?? "/run/slipway/store";
  const host = process.env["SLIPWAY_GATEWAY"] ? new HostSockets(4) : null;
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string };
  const clock = systemClock;
  const limits = parseUnpackLimits(process.env["SLIPWAY_UNPACK_LIMITS"] ?? "");
  const insecure = parseInsecureRegistries(process.env["SLIPWAY_INSECURE_REGISTRIES"] ?? "");
  const hosts = new RegistryHosts({ insecure, certificates: ["/etc/docker/certs.d", layout.certificates] });
  const kernel = new LinuxKernel();
  const registry = new ContainerRegistry();
  const events = new EventLog(clock);

  const shared = await SharedStore.open(storeFolder, join(storeFolder, "base"), kernel);
  const content = new LayeredStore(await OciLayoutStore.open(layout.content), shared.stores.content);
  const snapshotter = new OverlaySnapshotter(layout.snapshots, kernel, { shared: join(storeFolder, "snapshots"), limits });
  const [images, networks, volumes] = await Promise.all([
    ImageStore.open({
      file: layout.images,
      root: process.env["SLIPWAY_HOST_ROOT"] ?? layout.root,
      content,
      snapshots: snapshotter,
      limits,
      users: registry,
      shared,
      // Without a gateway its network leads nowhere but to its own registries.
      registry: new HttpRegistry({ hub: host !== null, hosts }),
      clock,
      onEvent: ({ action, id, name, labels }) => events.emit("image", action, id, { ...labels, name }),
    }),
    BridgeNetworks.open({
      path: layout.networks,
      clock,
      host,
      forwarder: join(import.meta.dirname, "../runtime/networks/forward.pl"),
      uplink: parseUplink(process.env["SLIPWAY_WAY_OUT"] ?? ""),
    }),
    VolumeStore.open({
      directory: layout.volumes,
      clock,
      users: registry,
      kernel,
      // As the terminals, on what is never read-only.
      parts: "/run/slipway/sandbox/volume-parts",
      onEvent: (action, name) => events.emit("volume", action, name, { driver: "local" }),
    }),
  ]);
  const containerIds = new Set(await readdir(layout.containers).catch(() => [] as string[]));
  await snapshotter.removeAbandoned((key) => containerIds.has(key));
  await snapshotter.removeUnused([...(await images.all()).flatMap(({ chainId }) => chainId ?? []), ...(await images.cachedLayers())]);
  const init = join(import.meta.dirname, "../runtime/kernel/init.pl");
  const sandbox = new LinuxSandbox(kernel, { init });
  const runtimes = new Map(
    findRuntimes().map((runtime) => [runtime.name, { path: runtime.program, sandbox: new OciSandbox(runtime, { init }) }]),
  );
  const engine = await createEngine({
    limits,
    insecureRegistries: insecure,
    layout,
    kernel,
    sandbox,
    runtimes,
    snapshotter,
    images,
    networks,
    cgroups: openCgroups(process.env["SLIPWAY_CGROUPS"] ?? ""),
    volumes,
    registry,
    clock,
    events,
    version,
    build: buildFacts(),
    policy: process.env["SLIPWAY_BINDS_WITHIN"] ? { bindsWithin: process.env["SLIPWAY_BINDS_WITHIN"].split(":") } : null,
  });

  const server: EngineServer = new EngineServer(engine, {
    version,
    onError: (error, what) => complain(what, error),
    routes: [commandRoute(layout.socket, () => server.connect())],
  });
  rmSync(layout.socket, { force: true });
  await server.listen(layout.socket);
  writeSync(3, "ready\n");
  closeSync(3);
  // The first container need not wait for what every one needs.
  setImmediate(() => {
    try {
      networks.warm();
      void loadServing();
    } catch (error) {
      complain("preparing networks", error);
    }
  });

  let served = 0;
  collectWhenIdle(() => {
    const busy = server.connections > 0 || server.requests !== served;
    served = server.requests;
    return busy;
  });

  let leaving = false;
  async function leave(): Promise<void> {
    if (leaving) return;
    leaving = true;
    await engine.close();
    await server.close();
    process.exit(0);
  }
  process.on("SIGTERM", () => void leave());
  process.on("SIGINT", () => void leave());

  const idleSeconds = Number(process.env["SLIPWAY_IDLE_EXIT"] ?? "");
  if (idleSeconds > 0) {
    let idleSince = Date.now();
    const timer = setInterval(
      () => {
        if (server.connections > 0 || engine.isBusy()) idleSince = Date.now();
        else if (Date.now() - idleSince >= idleSeconds * 1000) void leave();
      },
      Math.min(1000, (idleSeconds * 1000) / 2),
    );
    timer.unref();
  }
}

atStart(
  () =>
    void main().catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : messageOf(error)}\n`);
      process.exit(1);
    }),
  async () => {
    await loadServing();
    await (await import("../docker/cli/command-table.ts")).loadCommands();
  },
);
