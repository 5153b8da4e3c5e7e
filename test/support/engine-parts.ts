import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { systemClock } from "../../src/base/clock.ts";
import type { StreamIo } from "../../src/docker/api/engine.ts";
import type { NetworkSettings } from "../../src/docker/api/types.ts";
import { digestOf } from "../../src/oci/digest.ts";
import type { ImageRunConfig } from "../../src/oci/image-config.ts";
import type { ProcessSpec, RuntimeSpec } from "../../src/oci/runtime-spec.ts";
import { ContainerRegistry } from "../../src/runtime/containers/registry.ts";
import type { EngineParts } from "../../src/runtime/engine/context.ts";
import { EventLog } from "../../src/runtime/engine/events.ts";
import type { Image } from "../../src/runtime/images/images.ts";
import { rootLayout } from "../../src/runtime/root-layout.ts";
import type { ExitStatus, Sandbox, SandboxContainer, SandboxProcess } from "../../src/runtime/sandbox/sandbox.ts";

/** A process that lives as long as the test wants. */
export class FakeProcess implements SandboxContainer {
  readonly pid: number;
  readonly stdin: PassThrough | null;
  readonly stdout = new PassThrough();
  readonly stderr: PassThrough | null;
  readonly exited: Promise<ExitStatus>;
  readonly signals: number[] = [];
  readonly sizes: { height: number; width: number }[] = [];
  /** What SIGTERM does; SIGKILL always ends it. */
  obeysTerm = true;
  isReleased = false;
  #exit: (status: ExitStatus) => void = () => undefined;

  constructor(pid: number, spec: ProcessSpec, openStdin: boolean) {
    this.pid = pid;
    this.stdin = openStdin || spec.terminal ? new PassThrough() : null;
    this.stderr = spec.terminal ? null : new PassThrough();
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  end(exitCode: number): void {
    this.stdout.end();
    this.stderr?.end();
    this.exit(exitCode);
  }

  /** Its end alone, which may be told before its last output is read. */
  exit(exitCode: number): void {
    this.#exit({ exitCode, signal: null });
  }

  kill(signal: number): void {
    this.signals.push(signal);
    if (signal === 9 || (signal === 15 && this.obeysTerm)) this.end(128 + signal);
  }

  resize(size: { height: number; width: number }): void {
    this.sizes.push(size);
  }

  async release(): Promise<void> {
    this.isReleased = true;
  }
}

export class FakeSandbox implements Sandbox {
  readonly started: FakeProcess[] = [];
  readonly specs: RuntimeSpec[] = [];
  readonly processes: ProcessSpec[] = [];
  /** Thrown by the next start or exec. */
  failure: Error | null = null;
  onStart: (process: FakeProcess) => void = () => undefined;

  async start(spec: RuntimeSpec, { openStdin }: { readonly openStdin: boolean }): Promise<SandboxContainer> {
    this.specs.push(spec);
    return this.#begin(spec.process, openStdin);
  }

  async exec(
    _pid: number,
    _spec: RuntimeSpec,
    process: ProcessSpec,
    { openStdin }: { readonly openStdin: boolean },
  ): Promise<SandboxProcess> {
    return this.#begin(process, openStdin);
  }

  get last(): FakeProcess {
    const process = this.started.at(-1);
    if (!process) throw new Error("nothing was started");
    return process;
  }

  #begin(spec: ProcessSpec, openStdin: boolean): SandboxContainer {
    if (this.failure) {
      const { failure } = this;
      this.failure = null;
      throw failure;
    }
    this.processes.push(spec);
    const process = new FakeProcess(1000 + this.started.length, spec, openStdin);
    this.started.push(process);
    this.onStart(process);
    return process;
  }
}

const noNetwork: NetworkSettings = {
  Bridge: "",
  SandboxID: "",
  SandboxKey: "",
  Ports: {},
  EndpointID: "",
  Gateway: "",
  IPAddress: "",
  IPPrefixLen: 0,
  MacAddress: "",
  Networks: {},
};

function unexpected(): never {
  throw new Error("not expected in this test");
}

/** Parts of an engine in a new temporary root: everything below the engine is fake, its own files are real. */
export async function fakeParts(
  config: ImageRunConfig = { Cmd: ["sh"] },
): Promise<EngineParts & { sandbox: FakeSandbox; dispose(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), "slipway-engine-"));
  const layout = rootLayout(root);
  await mkdir(layout.containers);
  const image: Image = {
    id: digestOf("busybox"),
    config: { architecture: "amd64", os: "linux", config, rootfs: { type: "layers", diff_ids: [] } },
    chainId: null,
    repoTags: ["busybox:latest"],
    repoDigests: [],
    parent: "",
    size: 0,
  };
  const find = async (ref: string): Promise<Image | null> => (ref.startsWith("busybox") || ref === image.id ? image : null);
  return {
    layout,
    sandbox: new FakeSandbox(),
    runtimes: new Map(),
    registry: new ContainerRegistry(),
    clock: systemClock,
    events: new EventLog(systemClock),
    version: "0.0.0",
    build: { commit: "", time: "" },
    policy: null,
    kernel: new Proxy({} as EngineParts["kernel"], { get: () => () => undefined }),
    snapshotter: {
      ...({} as EngineParts["snapshotter"]),
      prepare: async () => undefined,
      mounts: async () => [],
      remove: async () => undefined,
      usage: async () => 0,
      changes: async () => [{ path: "/a", kind: "added" }],
    },
    images: new Proxy({} as EngineParts["images"], { get: (_, name) => (name === "get" || name === "find" ? find : unexpected) }),
    networks: {
      ...({} as EngineParts["networks"]),
      idleSettings: () => noNetwork,
      attach: async () => ({ namespacePath: "/proc/self/ns/net", settings: noNetwork, hosts: [], nameservers: [] }),
      detach: async () => undefined,
      rename: () => undefined,
      statistics: () => ({}),
    },
    cgroups: {
      version: null,
      unsupported: () => [],
      create: async () => ({
        directories: [],
        canFreeze: true,
        freeze: async () => undefined,
        thaw: async () => undefined,
        update: async () => undefined,
        oomKills: async () => 0,
        stats: async () => ({}),
        remove: async () => undefined,
      }),
    },
    volumes: { ...({} as EngineParts["volumes"]), resolve: async () => [], use: () => ({ parts: new Map(), release: () => undefined }) },
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}

/** Collects what a session writes. */
export function collectingIo(stdin: PassThrough | null = null): StreamIo & { out(): string; err(): string; leave(): void } {
  const chunks = { out: "", err: "" };
  const sink = (name: "out" | "err"): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        chunks[name] += String(chunk);
        done();
      },
    });
  const gone = new AbortController();
  return {
    stdin,
    stdout: sink("out"),
    stderr: sink("err"),
    signal: gone.signal,
    out: () => chunks.out,
    err: () => chunks.err,
    leave: () => gone.abort(),
  };
}
