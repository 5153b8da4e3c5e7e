import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConflictError, InvalidArgumentError, NotFoundError, NotModifiedError } from "../../../../src/base/errors.ts";
import { ContainerRegistry } from "../../../../src/runtime/containers/registry.ts";
import { createEngine, type RuntimeEngine } from "../../../../src/runtime/engine/engine.ts";
import { StartError } from "../../../../src/runtime/sandbox/sandbox.ts";
import { collectingIo, fakeParts } from "../../../support/engine-parts.ts";

let parts: Awaited<ReturnType<typeof fakeParts>>;
let engine: RuntimeEngine;

beforeEach(async () => {
  parts = await fakeParts();
  engine = await createEngine(parts);
});

afterEach(async () => {
  await engine.close();
  await parts.dispose();
});

const create = async (name: string, request: Partial<Parameters<RuntimeEngine["createContainer"]>[0]> = {}): Promise<string> =>
  (await engine.createContainer({ Image: "busybox", Cmd: ["sleep", "9"], ...request }, { name, platform: "" })).Id;
const start = (ref: string): Promise<void> => engine.startContainer(ref, { detachKeys: "" });
const stop = (ref: string, timeout: number | null = null): Promise<void> => engine.stopContainer(ref, { signal: "", timeout });
const remove = (ref: string, force = false): Promise<void> => engine.removeContainer(ref, { force, volumes: false, link: false });
const stateOf = async (ref: string): Promise<string> => (await engine.inspectContainer(ref, { size: false })).State.Status;
const attachAll = { stream: true, logs: false, stdin: true, stdout: true, stderr: true, detachKeys: "" };

describe("states", () => {
  test("a container goes through created, running, paused, running, exited and is gone", async () => {
    await create("aa");
    const seen = [await stateOf("aa")];
    await start("aa");
    seen.push(await stateOf("aa"));
    await engine.pauseContainer("aa");
    seen.push(await stateOf("aa"));
    await engine.unpauseContainer("aa");
    await stop("aa");
    seen.push(await stateOf("aa"));
    await remove("aa");
    expect(seen).toEqual(["created", "running", "paused", "exited"]);
    await expect(stateOf("aa")).rejects.toThrow(new NotFoundError("No such container: aa"));
  });

  test("what a state forbids is refused in Docker's words", async () => {
    const id = await create("box");
    await expect(engine.pauseContainer("box")).rejects.toThrow(new ConflictError(`Container ${id} is not running`));
    await expect(engine.killContainer("box", "")).rejects.toThrow(`Cannot kill container: box: Container ${id} is not running`);
    await expect(engine.createExec("box", { Cmd: ["ls"] })).rejects.toThrow(`Container ${id} is not running`);
    await expect(stop("box")).rejects.toBeInstanceOf(NotModifiedError);
    await start("box");
    await expect(start("box")).rejects.toBeInstanceOf(NotModifiedError);
    await expect(remove("box")).rejects.toThrow(
      `You cannot remove a running container ${id}. Stop the container before attempting removal or force remove`,
    );
    await engine.pauseContainer("box");
    await expect(engine.pauseContainer("box")).rejects.toThrow(`Container ${id} is already paused`);
    await expect(start("box")).rejects.toThrow("cannot start a paused container, try unpause instead");
    await expect(engine.createExec("box", { Cmd: ["ls"] })).rejects.toThrow("Container box is paused, unpause the container before exec");
    await expect(engine.attachContainer("box", attachAll)).rejects.toThrow("container box is paused, unpause the container before attach");
    await expect(remove("box")).rejects.toThrow(
      `You cannot remove a paused container ${id}. Unpause and then stop the container before attempting removal or force remove`,
    );
    await remove("box", true);
  });

  test("names are unique, well formed, and given back", async () => {
    const id = await create("one");
    await expect(create("one")).rejects.toThrow(
      `Conflict. The container name "/one" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`,
    );
    await expect(create("-x")).rejects.toThrow(
      new InvalidArgumentError("Invalid container name (-x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
    );
    await engine.renameContainer("one", "two");
    await expect(engine.renameContainer("two", "two")).rejects.toThrow("Renaming a container with the same name as its current name");
    await create("one");
    await expect(engine.renameContainer("two", "one")).rejects.toThrow(
      'Error when allocating new name: Conflict. The container name "/one"',
    );
  });

  test("a container in another's network has its hostname, and none of its own", async () => {
    await create("host", { Hostname: "first" });
    await start("host");
    await create("guest", { HostConfig: { NetworkMode: "container:host" } });
    await start("guest");
    expect((await engine.inspectContainer("guest", { size: false })).Config.Hostname).toBe("first");
    await expect(create("named", { Hostname: "x", HostConfig: { NetworkMode: "container:host" } })).rejects.toThrow(
      "conflicting options: hostname and the network mode",
    );
    await expect(create("open", { HostConfig: { NetworkMode: "container:host", PublishAllPorts: true } })).rejects.toThrow(
      "conflicting options: port publishing and the container type network mode",
    );
    for (const name of ["guest", "host"]) await remove(name, true);
  });

  test("limits that cannot be had are refused by create and by update alike", async () => {
    const text = "Minimum memory limit allowed is 6MB";
    await expect(create("small", { HostConfig: { Memory: 1024 } })).rejects.toThrow(new InvalidArgumentError(text));
    await create("box");
    await expect(engine.updateContainer("box", { Memory: 1024 })).rejects.toThrow(new InvalidArgumentError(text));
    expect((await engine.inspectContainer("box", { size: false })).HostConfig.Memory).toBe(0);
  });

  test("an id prefix finds a container unless two have it", async () => {
    const ids = [];
    for (let index = 0; index < 17; index += 1) ids.push(await create(`c${index}.x`));
    const shared = ids.map((id) => id.slice(0, 1)).find((digit, index, all) => all.indexOf(digit) !== index) ?? "";
    await expect(engine.inspectContainer(shared, { size: false })).rejects.toThrow(`Multiple IDs found with provided prefix: ${shared}`);
    expect((await engine.inspectContainer(ids[0]?.slice(0, 12) ?? "", { size: false })).Id).toBe(ids[0]);
  });
});

describe("ends", () => {
  test("a program that is not there leaves the container created, with 127 and runc's words", async () => {
    await create("bad", { Cmd: ["foo"] });
    parts.sandbox.failure = new StartError('exec: "foo": executable file not found in $PATH: unknown', 127);
    const text =
      "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: " +
      'exec: "foo": executable file not found in $PATH: unknown';
    await expect(start("bad")).rejects.toThrow(new InvalidArgumentError(text));
    expect((await engine.inspectContainer("bad", { size: false })).State).toMatchObject({ Status: "created", ExitCode: 127, Error: text });
    const { result } = await engine.waitContainer("bad", "not-running", new AbortController().signal);
    expect(await result).toEqual({ StatusCode: 127, Error: { Message: text } });
  });

  test("what the kernel tells of an end is read before the runtime gives its cgroups up", async () => {
    const { cgroups } = parts;
    const cgroup = await cgroups.create("", {});
    vi.spyOn(cgroups, "create").mockResolvedValue({ ...cgroup, oomKills: async () => (parts.sandbox.last.isReleased ? 0 : 1) });
    await create("box");
    await start("box");
    const { result } = await engine.waitContainer("box", "not-running", new AbortController().signal);
    parts.sandbox.last.end(137);
    await result;
    expect((await engine.inspectContainer("box", { size: false })).State).toMatchObject({ OOMKilled: true, ExitCode: 137 });
    await remove("box");
    expect(parts.sandbox.last.isReleased).toBe(true);
  });

  test("whoever waits for the end, before or after it, is told when the run has given back what it held", async () => {
    let giveBack = (): void => undefined;
    const given = new Promise<void>((resolve) => (giveBack = resolve));
    const detach = vi.spyOn(parts.networks, "detach").mockImplementation(() => given);
    const waiting = async (): Promise<unknown> => (await engine.waitContainer("box", "not-running", new AbortController().signal)).result;
    await create("box");
    await start("box");
    const told: string[] = [];
    const before = waiting().then(() => told.push("before"));
    parts.sandbox.last.end(0);
    await expect.poll(() => detach.mock.calls.length).toBeGreaterThan(0);
    expect(await stateOf("box")).toBe("exited");
    const after = waiting().then(() => told.push("after"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toEqual([]);
    giveBack();
    await Promise.all([before, after]);
    expect(told.toSorted()).toEqual(["after", "before"]);
  });

  test("stop sends the image's signal, and SIGKILL at the deadline", async () => {
    await create("stubborn");
    await start("stubborn");
    parts.sandbox.last.obeysTerm = false;
    await stop("stubborn", 0);
    expect(parts.sandbox.last.signals).toEqual([15, 9]);
    expect((await engine.inspectContainer("stubborn", { size: false })).State.ExitCode).toBe(137);
  });

  test("run --rm: waiting for removal gives the exit code, and then it is gone", async () => {
    await create("gone", { HostConfig: { AutoRemove: true } });
    const { result } = await engine.waitContainer("gone", "removed", new AbortController().signal);
    await start("gone");
    parts.sandbox.last.end(3);
    expect(await result).toEqual({ StatusCode: 3 });
    await expect(stateOf("gone")).rejects.toBeInstanceOf(NotFoundError);
  });

  test("on-failure:2 tries twice more, and a stop by hand ends it", async () => {
    await create("retry", { HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 } } });
    parts.sandbox.onStart = (process) => process.end(1);
    const { result } = await engine.waitContainer("retry", "next-exit", new AbortController().signal);
    await start("retry");
    expect(await result).toEqual({ StatusCode: 1 });
    expect(parts.sandbox.started).toHaveLength(3);
    expect((await engine.inspectContainer("retry", { size: false })).RestartCount).toBe(2);
  });

  test("stop ends a container that its restart policy keeps starting, at whatever moment it comes", async () => {
    await create("loop", { HostConfig: { RestartPolicy: { Name: "always" } } });
    parts.sandbox.onStart = (process) => setTimeout(() => process.end(1), 5);
    for (const pause of [0, 4, 5, 6, 20]) {
      await start("loop");
      await new Promise((resolve) => setTimeout(resolve, pause));
      await stop("loop");
      expect(await stateOf("loop")).toBe("exited");
    }
    await remove("loop");
  });

  test("what ran when the engine was killed is exited with 137 when the next opens the root", async () => {
    await create("kept");
    await create("idle");
    await create("temporary", { HostConfig: { AutoRemove: true } });
    await start("kept");
    await start("temporary");
    const next = await createEngine({ ...parts, registry: new ContainerRegistry() });
    const list = await next.listContainers({ all: true, limit: 0, size: false, filters: {} });
    expect(list.map(({ Names, State }) => [Names[0], State])).toEqual([
      ["/idle", "created"],
      ["/kept", "exited"],
    ]);
    expect((await next.inspectContainer("kept", { size: false })).State).toMatchObject({ ExitCode: 137, Running: false });
  });
});

describe("streams", () => {
  test("attach before start gets every byte, and the log has the same", async () => {
    await create("talk", { AttachStdout: true });
    const io = collectingIo();
    const session = await engine.attachContainer("talk", { ...attachAll, stdin: false });
    const done = session.run(io);
    await start("talk");
    parts.sandbox.last.stdout.write("one\ntw");
    parts.sandbox.last.stderr?.write("oops");
    parts.sandbox.last.stdout.write("o\n");
    parts.sandbox.last.end(0);
    await done;
    expect([io.out(), io.err()]).toEqual(["one\ntwo\n", "oops"]);
    const logs = collectingIo();
    const options = { follow: false, stdout: true, stderr: true, since: null, until: null, timestamps: false, tail: 1 };
    await (await engine.containerLogs("talk", { ...options, tail: null })).run(logs);
    expect([logs.out(), logs.err()]).toEqual(["one\ntwo\n", "oops"]);
    const tail = collectingIo();
    await (await engine.containerLogs("talk", { ...options, tail: 2, stderr: false })).run(tail);
    expect(tail.out()).toBe("one\ntwo\n");
  });

  test("closing the attached input of run -i closes the program's", async () => {
    await create("cat", { OpenStdin: true, StdinOnce: true });
    const stdin = new PassThrough();
    const io = collectingIo(stdin);
    const done = (await engine.attachContainer("cat", attachAll)).run(io);
    stdin.end("hello");
    parts.sandbox.onStart = (process) => {
      process.stdin?.pipe(process.stdout);
      process.stdin?.once("end", () => process.end(0));
    };
    await start("cat");
    await done;
    expect(io.out()).toBe("hello");
  });

  test("ctrl-p ctrl-q leaves a terminal session and the container runs on", async () => {
    await create("tty", { Tty: true, OpenStdin: true });
    await start("tty");
    const stdin = new PassThrough();
    const done = (await engine.attachContainer("tty", attachAll)).run(collectingIo(stdin));
    stdin.write("ls\u0010");
    stdin.write("\u0011");
    await done;
    expect(parts.sandbox.last.stdin?.read()?.toString()).toBe("ls");
    expect(await stateOf("tty")).toBe("running");
  });

  test("logs -f follows until the container stops", async () => {
    await create("loop");
    await start("loop");
    const io = collectingIo();
    const session = await engine.containerLogs("loop", {
      follow: true,
      stdout: true,
      stderr: true,
      since: null,
      until: null,
      timestamps: false,
      tail: null,
    });
    const done = session.run(io);
    parts.sandbox.last.stdout.write("first\n");
    await expect.poll(() => io.out()).toBe("first\n");
    parts.sandbox.last.stdout.write("second\n");
    parts.sandbox.last.end(0);
    await done;
    expect(io.out()).toBe("first\nsecond\n");
  });

  test("an exec has its own streams and exit code, and does not end the container", async () => {
    await create("host");
    await start("host");
    const { Id } = await engine.createExec("host", { Cmd: ["echo", "hi"], AttachStdout: true });
    const io = collectingIo();
    const done = (await engine.startExec(Id, { tty: false, consoleSize: null })).run(io);
    await expect.poll(() => parts.sandbox.started.length).toBe(2);
    parts.sandbox.last.stdout.write("hi\n");
    parts.sandbox.last.end(4);
    await done;
    expect(io.out()).toBe("hi\n");
    expect(await engine.inspectExec(Id)).toMatchObject({
      Running: false,
      ExitCode: 4,
      ProcessConfig: { entrypoint: "echo", arguments: ["hi"] },
    });
    await expect(engine.startExec(Id, { tty: false, consoleSize: null })).rejects.toThrow("has already run");
    expect(await stateOf("host")).toBe("running");
  });

  test("an exec that cannot start says so in its output and counts as 126", async () => {
    await create("host");
    await start("host");
    const { Id } = await engine.createExec("host", { Cmd: ["nonesuch"], AttachStdout: true });
    parts.sandbox.failure = new StartError('exec: "nonesuch": executable file not found in $PATH: unknown', 127);
    const io = collectingIo();
    await (await engine.startExec(Id, { tty: false, consoleSize: null })).run(io);
    expect(io.out()).toBe(
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "nonesuch": executable file not found in $PATH: unknown\r\n',
    );
    expect((await engine.inspectExec(Id)).ExitCode).toBe(126);
  });
});

test("events come in Docker's order with Docker's attributes", async () => {
  const id = await create("ev", { Labels: { l: "1" } });
  await start("ev");
  await stop("ev");
  await remove("ev");
  const seen = [];
  const events = engine.events({
    since: 0,
    until: Date.now() / 1000 + 0.01,
    filters: { container: ["ev"] },
    signal: new AbortController().signal,
  });
  for await (const { Action, Actor, id: oldId } of events) seen.push([Action, Actor.Attributes, oldId === id]);
  const base = { image: "busybox", l: "1", name: "ev" };
  expect(seen).toEqual([
    ["create", base, true],
    ["start", base, true],
    ["kill", { ...base, signal: "15" }, true],
    ["die", { exitCode: "143", ...base }, true],
    ["stop", base, true],
    ["destroy", base, true],
  ]);
});

test("ps shows what runs, -a everything newest first, and filters narrow it", async () => {
  await create("first", { Labels: { tier: "web" } });
  await create("second");
  await create("third");
  await start("first");
  parts.sandbox.onStart = (process) => process.end(3);
  const { result } = await engine.waitContainer("second", "next-exit", new AbortController().signal);
  await start("second");
  await result;
  const names = async (all: boolean, filters: Record<string, string[]> = {}, limit = 0): Promise<string[]> =>
    (await engine.listContainers({ all, limit, size: false, filters })).map(({ Names }) => Names[0] ?? "");
  expect(await names(false)).toEqual(["/first"]);
  expect(await names(true)).toEqual(["/third", "/second", "/first"]);
  expect(await names(false, { status: ["exited", "created"] })).toEqual(["/third", "/second"]);
  expect(await names(true, { exited: ["3"] })).toEqual(["/second"]);
  expect(await names(true, { since: ["first"] })).toEqual(["/third", "/second"]);
  expect(await names(true, { before: ["second"] })).toEqual(["/first"]);
  expect(await names(true, { label: ["tier=web"] })).toEqual(["/first"]);
  expect(await names(true, { name: ["ir"] })).toEqual(["/third", "/first"]);
  expect(await names(false, {}, 2)).toEqual(["/third", "/second"]);
  await expect(names(true, { foo: ["x"] })).rejects.toThrow("Invalid filter 'foo'");
  await expect(names(true, { status: ["bar"] })).rejects.toThrow("Invalid filter 'status=bar'");
  const [, second] = await engine.listContainers({ all: true, limit: 0, size: false, filters: {} });
  expect(second).toMatchObject({ Image: "busybox", Command: "sleep 9", Status: "Exited (3) Less than a second ago" });
});
