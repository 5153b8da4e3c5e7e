import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../../src/base/clock.ts";
import { VolumeStore } from "../../../../src/runtime/volumes/volume-store.ts";
import type { VolumeRequest } from "../../../../src/runtime/volumes/volumes.ts";

const clock = { ...systemClock, now: () => new Date("2024-05-06T07:08:09.123Z") };
const users = new Map<string, readonly string[]>();
let directory: string;

const open = (): Promise<VolumeStore> =>
  VolumeStore.open({
    directory: join(directory, "volumes"),
    clock,
    users: { containersWith: (name) => users.get(name) ?? [] },
    kernel: { mount: () => undefined, unmount: () => undefined, openBeneath: () => -1 },
    parts: join(directory, "parts"),
  });
const request = (part: Partial<VolumeRequest>): VolumeRequest => ({
  containerId: "c1",
  binds: [],
  mounts: [],
  tmpfs: {},
  anonymous: [],
  driver: "",
  from: [],
  ...part,
});

beforeEach(async () => {
  users.clear();
  directory = await mkdtemp(join(tmpdir(), "slipway-volumes-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("a volume outlives the store that made it", async () => {
  await (await open()).create({ Name: "data", Labels: { a: "b" } });
  expect(await (await open()).inspect("data")).toEqual({
    CreatedAt: "2024-05-06T07:08:09Z",
    Driver: "local",
    Labels: { a: "b" },
    Mountpoint: join(directory, "volumes/data/_data"),
    Name: "data",
    Options: null,
    Scope: "local",
  });
  expect(existsSync(join(directory, "volumes/data/_data"))).toBe(true);
});

test("creating a volume again gives the first one", async () => {
  const store = await open();
  await store.create({ Name: "data", Labels: { a: "b" } });
  expect((await store.create({ Name: "data", Labels: { c: "d" } })).Labels).toEqual({ a: "b" });
});

test("a volume in use is neither removed nor pruned", async () => {
  const store = await open();
  await store.create({ Name: "used" });
  await store.create({ Name: "unused" });
  await writeFile(join(directory, "volumes/unused/_data/file"), "12345");
  users.set("used", ["0123"]);
  await expect(store.remove("used", { force: true })).rejects.toThrow("remove used: volume is in use - [0123]");
  expect(await store.prune({})).toEqual({ VolumesDeleted: [], SpaceReclaimed: 0 });
  expect(await store.prune({ all: ["true"] })).toEqual({ VolumesDeleted: ["unused"], SpaceReclaimed: 5 });
  users.clear();
  await store.remove("used", { force: false });
  await expect(store.remove("used", { force: false })).rejects.toThrow("get used: no such volume");
  await store.remove("used", { force: true });
});

test("filters select by name, label and use", async () => {
  const store = await open();
  await store.create({ Name: "web-data", Labels: { tier: "web" } });
  await store.create({ Name: "db-data", Labels: { tier: "db" } });
  users.set("db-data", ["0123"]);
  const names = async (filters: Record<string, string[]>): Promise<string[]> => (await store.list(filters)).Volumes.map(({ Name }) => Name);
  expect(await names({})).toEqual(["db-data", "web-data"]);
  expect(await names({ name: ["web"] })).toEqual(["web-data"]);
  expect(await names({ label: ["tier=db"] })).toEqual(["db-data"]);
  expect(await names({ dangling: ["true"] })).toEqual(["web-data"]);
  await expect(names({ color: ["red"] })).rejects.toThrow("Invalid filter 'color'");
});

test("a container's mounts come outermost first, with the volumes and host directories they need", async () => {
  const host = join(directory, "made/on/demand");
  const mounts = await (
    await open()
  ).resolve(
    request({
      binds: [`${host}:/data/deep/host:ro`, "logs:/data/logs"],
      mounts: [{ Type: "tmpfs", Target: "/scratch", TmpfsOptions: { SizeBytes: 1048576, Mode: 0o700 } }],
      tmpfs: { "/run": "size=2m,exec" },
      anonymous: ["/var/lib", "/data/logs"],
    }),
  );
  expect(mounts.map(({ spec }) => `${spec.destination} ${spec.type} ${spec.options.join(",")}`)).toEqual([
    "/scratch tmpfs noexec,nosuid,nodev,size=1048576,mode=700",
    "/run tmpfs noexec,nosuid,nodev,size=2m,exec",
    "/data/logs bind rbind,rw",
    "/var/lib bind rbind,rw",
    "/data/deep/host bind rbind,rro,rprivate",
  ]);
  expect(mounts.map(({ shown, copyUp, anonymous }) => [shown, copyUp, anonymous])).toEqual([
    [true, false, false],
    [false, false, false],
    [true, true, false],
    [true, true, true],
    [true, false, false],
  ]);
  expect(existsSync(host)).toBe(true);
});

test("two mounts at one destination are refused, the image's own volumes give way", async () => {
  const store = await open();
  await expect(store.resolve(request({ binds: ["aa:/y", "bb:/y/"] }))).rejects.toThrow("Duplicate mount point: /y");
  await expect(store.resolve(request({ binds: ["aa:/y"], tmpfs: { "/y": "" } }))).rejects.toThrow("Duplicate mount point: /y");
  expect(await store.resolve(request({ binds: ["aa:/y"], anonymous: ["/y"] }))).toHaveLength(1);
});

test("--mount insists on what -v makes by itself", async () => {
  const store = await open();
  const bind = { Type: "bind", Source: join(directory, "nope"), Target: "/y" } as const;
  await expect(store.resolve(request({ mounts: [bind] }))).rejects.toThrow(
    `invalid mount config for type "bind": bind source path does not exist: ${bind.Source}`,
  );
});

test("a driver that is not there is refused where it would make a volume, not beside a bind", async () => {
  const store = await open();
  const refused = 'error looking up volume plugin odd: plugin "odd" not found';
  const mount = { Type: "volume", Source: "data", Target: "/y", VolumeOptions: { DriverConfig: { Name: "odd" } } } as const;
  for (const part of [{ binds: ["data:/y"], driver: "odd" }, { anonymous: ["/y"], driver: "odd" }, { mounts: [mount] }])
    await expect(store.resolve(request(part))).rejects.toThrow(refused);
  await expect(store.create({ Name: "data", Driver: "odd" })).rejects.toThrow(`create data: ${refused}`);
  expect((await store.list({})).Volumes).toEqual([]);
  expect(await store.resolve(request({ binds: [`${directory}:/y`], driver: "odd" }))).toHaveLength(1);
});

test("a name that cannot be a directory's is refused", async () => {
  const store = await open();
  await expect(store.create({ Name: "a b" })).rejects.toThrow(/^create a b: "a b" includes invalid characters for a local volume name/);
  await expect(store.create({ Name: "a" })).rejects.toThrow("create a: volume name is too short");
});
