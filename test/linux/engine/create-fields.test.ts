import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentedFields } from "../../support/api/documented-fields.ts";
import { askApi, jsonValues, type RawRequest } from "../../support/api/raw-api.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

/** What a field is asked for with, what must be asked for beside it, and what inspect shows of it when that is not the same. */
interface Sample {
  readonly value: unknown;
  readonly beside?: Readonly<Record<string, unknown>>;
  readonly shown?: unknown;
}

const MiB = 1 << 20;
const rate = [{ Path: "/dev/null", Rate: 1000 }];

const config: Readonly<Record<string, Sample>> = {
  Hostname: { value: "other" },
  Domainname: { value: "example.org" },
  User: { value: "1:1" },
  AttachStdin: { value: true },
  AttachStdout: { value: true },
  AttachStderr: { value: true },
  ExposedPorts: { value: { "80/tcp": {} } },
  Tty: { value: true },
  OpenStdin: { value: true },
  StdinOnce: { value: true },
  Env: { value: ["A=b"], shown: expect.arrayContaining(["A=b"]) },
  Cmd: { value: ["true", "x"] },
  Healthcheck: { value: { Test: ["CMD", "true"] } },
  Image: { value: "busybox:latest" },
  Volumes: { value: { "/v": {} } },
  WorkingDir: { value: "/w" },
  Entrypoint: { value: ["sh"] },
  Labels: { value: { a: "b" } },
  StopSignal: { value: "SIGINT" },
  StopTimeout: { value: 3 },
  Shell: { value: ["/bin/ash", "-c"] },
  NetworkDisabled: { value: true },
  // Inspect shows it with the endpoint, once the container runs.
  MacAddress: { value: "02:42:0a:4d:00:07", shown: undefined },
  OnBuild: { value: ["RUN true"] },
  ArgsEscaped: { value: true },
};

const hostConfig: Readonly<Record<string, Sample>> = {
  AutoRemove: { value: true },
  RestartPolicy: { value: { Name: "on-failure", MaximumRetryCount: 2 } },
  CapAdd: { value: ["NET_ADMIN"] },
  CapDrop: { value: ["MKNOD"] },
  GroupAdd: { value: ["7"] },
  ReadonlyRootfs: { value: true },
  Ulimits: { value: [{ Name: "nofile", Hard: 100, Soft: 50 }] },
  Sysctls: { value: { "net.ipv4.ip_forward": "1" } },
  OomScoreAdj: { value: 100 },
  ShmSize: { value: MiB },
  ConsoleSize: { value: [10, 20] },
  MaskedPaths: { value: ["/proc/keys"] },
  ReadonlyPaths: { value: ["/proc/bus"] },
  Privileged: { value: true },
  SecurityOpt: { value: ["no-new-privileges"] },
  Binds: { value: ["fields:/v"] },
  Tmpfs: { value: { "/t": "size=1m" } },
  VolumesFrom: { value: ["base"] },
  Mounts: { value: [{ Type: "tmpfs", Target: "/t" }] },
  NetworkMode: { value: "none" },
  PortBindings: { value: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } },
  PublishAllPorts: { value: true },
  Links: { value: ["base:other"], shown: [expect.stringMatching(/^\/base:\/.*\/other$/)] },
  ExtraHosts: { value: ["a:1.2.3.4"] },
  Dns: { value: ["1.1.1.1"] },
  DnsOptions: { value: ["ndots:2"] },
  DnsSearch: { value: ["example.org"] },
  PidMode: { value: "host" },
  IpcMode: { value: "shareable" },
  UTSMode: { value: "host" },
  Memory: { value: 64 * MiB },
  MemoryReservation: { value: 32 * MiB },
  MemorySwap: { value: 128 * MiB, beside: { Memory: 64 * MiB } },
  MemorySwappiness: { value: 10 },
  NanoCpus: { value: 500_000_000 },
  CpuShares: { value: 512 },
  CpuPeriod: { value: 50_000 },
  CpuQuota: { value: 25_000 },
  CpusetCpus: { value: "0" },
  CpusetMems: { value: "0" },
  PidsLimit: { value: 50 },
  OomKillDisable: { value: true, beside: { Memory: 64 * MiB } },
  BlkioWeight: { value: 300 },
  BlkioWeightDevice: { value: [{ Path: "/dev/null", Weight: 300 }] },
  BlkioDeviceReadBps: { value: rate },
  BlkioDeviceWriteBps: { value: rate },
  BlkioDeviceReadIOps: { value: rate },
  BlkioDeviceWriteIOps: { value: rate },
  Init: { value: true },
  Devices: { value: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/other", CgroupPermissions: "rwm" }] },
  Runtime: { value: "slipway" },
  LogConfig: { value: { Type: "json-file", Config: { "max-size": "1m" } } },
  ContainerIDFile: { value: "/id" },
  Annotations: { value: { a: "b" } },
  Isolation: { value: "hyperv" },
  StorageOpt: { value: { size: "1G" } },
  DeviceRequests: { value: [{ Driver: "nvidia", Count: 1, Capabilities: [["gpu"]] }] },
  CgroupParent: { value: "/other" },
  DeviceCgroupRules: { value: ["c 1:3 rwm"] },
  UsernsMode: { value: "host" },
  CgroupnsMode: { value: "private" },
  Cgroup: { value: "container:other" },
  VolumeDriver: { value: "other", beside: { Binds: ["data:/x"] } },
  CpuRealtimePeriod: { value: 100_000 },
  CpuRealtimeRuntime: { value: 1000 },
  KernelMemory: { value: 64 * MiB },
  KernelMemoryTCP: { value: 64 * MiB },
  CpuCount: { value: 1 },
  CpuPercent: { value: 1 },
  IOMaximumIOps: { value: 1 },
  IOMaximumBandwidth: { value: 1 },
};

const endpoints: Readonly<Record<string, Sample>> = {
  IPAMConfig: { value: { IPv4Address: "10.77.0.9" } },
  Aliases: { value: ["known"], shown: expect.arrayContaining(["known"]) },
  MacAddress: { value: "02:42:0a:4d:00:09" },
  Links: { value: ["lonely:other"], beside: { Links: ["lonely:other"] }, shown: undefined },
  GwPriority: { value: 5 },
  DriverOpts: { value: { a: "b" } },
  NetworkID: { value: "0123" },
  EndpointID: { value: "0123" },
  Gateway: { value: "1.2.3.4" },
  IPAddress: { value: "1.2.3.4" },
  IPPrefixLen: { value: 7 },
  IPv6Gateway: { value: "fe80::1" },
  GlobalIPv6Address: { value: "fe80::2" },
  GlobalIPv6PrefixLen: { value: 7 },
  DNSNames: { value: ["told"] },
};

describe.skipIf(!isBuilt || !hasNamespaces)("the fields of a request to create a container (needs a build, and user namespaces)", () => {
  let engine: TestEngine;

  const ask = async (
    method: string,
    path: string,
    request: RawRequest = {},
  ): Promise<{ status: number; answer: Record<string, unknown> }> => {
    const answer = await askApi(engine.socket, method, path, request);
    return { status: answer.status, answer: (jsonValues(answer)[0] ?? {}) as Record<string, unknown> };
  };

  beforeAll(async () => {
    engine = await startTestEngine();
    await ask("POST", "/networks/create", { body: { Name: "own", IPAM: { Config: [{ Subnet: "10.77.0.0/24" }] } } });
    await ask("POST", "/containers/create?name=base", { body: { Image: "busybox", Cmd: ["sleep", "1000"] } });
    await ask("POST", "/containers/base/start");
    const lonely = { Image: "busybox", Cmd: ["sleep", "1000"], HostConfig: { NetworkMode: "own" } };
    await ask("POST", "/containers/create?name=lonely", { body: lonely });
    await ask("POST", "/containers/lonely/start");
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  /** Creates a container, and starts it when `run`; what is wrong with how the field was taken, null when nothing is. */
  async function taken(how: string, sample: Sample, request: object, field: string, run: boolean): Promise<unknown> {
    let { status, answer } = await ask("POST", "/containers/create", { body: { Image: "busybox", Cmd: ["sleep", "1000"], ...request } });
    const id = (answer["Id"] as string | undefined) ?? "";
    const warnings = ((answer["Warnings"] ?? []) as readonly string[]).join("\n");
    if (run && status === 201) {
      ({ status, answer } = await ask("POST", `/containers/${id}/start`));
      if (status === 204) status = 201;
    }
    const shown = id === "" ? {} : (await ask("GET", `/containers/${id}/json`)).answer;
    if (id !== "") await ask("DELETE", `/containers/${id}?force=1&v=1`);
    const isRefused = status >= 400 && typeof answer["message"] === "string" && answer["message"] !== "";
    if (how === "refused" || (how === "where the host has it" && isRefused)) return isRefused ? null : { status, warnings };
    if (status !== 201) return { status, answer };
    if (
      how === "warned of" ? !warnings.includes(`HostConfig.${field} has no effect`) : how !== "where the host has it" && warnings !== ""
    ) {
      return { warnings };
    }
    const inspected = shownOf(shown, run, field);
    const wanted = "shown" in sample ? sample.shown : sample.value;
    if (how === "Docker's" || wanted === undefined) return null;
    try {
      expect(inspected).toEqual(wanted);
      return null;
    } catch {
      return { inspected };
    }
  }

  const shownOf = (shown: Record<string, unknown>, isEndpoint: boolean, field: string): unknown => {
    const part = (name: string): Record<string, unknown> => (shown[name] ?? {}) as Record<string, unknown>;
    if (isEndpoint) return (part("NetworkSettings")["Networks"] as Record<string, Record<string, unknown>>)["own"]?.[field];
    return part("HostConfig")[field] ?? part("Config")[field];
  };

  test.each([
    ["Config", config, (field: string, { value, beside }: Sample): object => ({ ...beside, [field]: value })],
    ["HostConfig", hostConfig, (field: string, { value, beside }: Sample): object => ({ HostConfig: { ...beside, [field]: value } })],
    [
      "NetworkingConfig.EndpointsConfig",
      endpoints,
      (field: string, { value, beside }: Sample): object => ({
        HostConfig: { NetworkMode: "own", ...beside },
        NetworkingConfig: { EndpointsConfig: { own: { [field]: value } } },
      }),
    ],
  ])("every one of %s is taken as docs/engine-api.md says", async (part, samples, requestWith) => {
    const documented = documentedFields(part);
    expect(Object.keys(samples).toSorted()).toEqual(documented.map(({ field }) => field).toSorted());
    const wrong: unknown[] = [];
    for (const { field, how } of documented) {
      const sample = samples[field] as Sample;
      const complaint = await taken(how, sample, requestWith(field, sample), field, part.includes("Endpoints"));
      if (complaint !== null) wrong.push({ field, how, complaint });
    }
    expect(wrong).toEqual([]);
  });

  test("a field that no reference has is warned of in HostConfig, and what has no value is not", async () => {
    const body = { Image: "busybox", Cmd: ["true"], HostConfig: { Nonesuch: 1, CgroupParent: "", VolumeDriver: "local" } };
    const { status, answer } = await ask("POST", "/containers/create", { body });
    expect([status, answer["Warnings"]]).toEqual([
      201,
      ["HostConfig.Nonesuch has no effect on this engine. It is kept and shown by inspect."],
    ]);
  });
});
