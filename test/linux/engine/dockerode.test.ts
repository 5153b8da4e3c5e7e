import { PassThrough, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readJsonLines } from "../../../src/docker/client/json-lines.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { dir, file, tarOf } from "../../support/tar-of.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

describe.skipIf(!isBuilt || !hasNamespaces)("dockerode, a client that nobody here wrote (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  let docker: Docker;

  beforeAll(async () => {
    engine = await startTestEngine();
    docker = new Docker({ socketPath: engine.socket });
  });

  afterAll(() => engine[Symbol.asyncDispose]());

  const sleeper = async (name: string, options: Docker.ContainerCreateOptions = {}): Promise<Docker.Container> => {
    const container = await docker.createContainer({ Image: "busybox", Cmd: ["sleep", "1000"], name, ...options });
    await container.start();
    return container;
  };
  const demultiplexed = async (stream: NodeJS.ReadableStream): Promise<{ stdout: string; stderr: string }> => {
    const [out, err] = [new PassThrough(), new PassThrough()];
    docker.modem.demuxStream(stream, out, err);
    stream.on("end", () => [out, err].forEach((each) => each.end()));
    const [stdout, stderr] = await Promise.all([text(out), text(err)]);
    return { stdout, stderr };
  };

  test("attaches with a hijacked connection: input goes in, its end is seen, both streams come out", async () => {
    const container = await docker.createContainer({
      Image: "busybox",
      Cmd: ["sh", "-c", "cat; echo done >&2"],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
    });
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
    const output = demultiplexed(stream);
    await container.start();
    stream.end("typed\n");
    expect(await output).toEqual({ stdout: "typed\n", stderr: "done\n" });
    expect(await container.wait()).toEqual({ StatusCode: 0 });
    await container.remove();
  });

  test("executes a command with input, and looks at how it ended", async () => {
    const container = await sleeper("execs");
    const exec = await container.exec({
      Cmd: ["sh", "-c", 'read x; echo "$x $A"; exit 7'],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Env: ["A=b"],
    });
    const stream = await exec.start({ hijack: true, stdin: true });
    const output = demultiplexed(stream);
    stream.write("word\n");
    expect(await output).toEqual({ stdout: "word b\n", stderr: "" });
    expect(await exec.inspect()).toMatchObject({ ExitCode: 7, Running: false, ProcessConfig: { entrypoint: "sh" } });
    await container.remove({ force: true });
  });

  test("reads logs as frames, and statistics once and as a stream", async () => {
    const container = await sleeper("talks", { Cmd: ["sh", "-c", "echo out; echo err >&2; sleep 1000"] });
    const read = async (): Promise<{ stdout: string; stderr: string }> => {
      const frames = await container.logs({ stdout: true, stderr: true, follow: false });
      const stream = new PassThrough();
      stream.end(frames);
      return demultiplexed(stream);
    };
    await expect.poll(read).toEqual({ stdout: "out\n", stderr: "err\n" });
    expect(await container.stats({ stream: false })).toMatchObject({ name: "/talks", id: container.id });
    const stream = (await container.stats({ stream: true })) as unknown as Readable;
    const samples: { name: string; read: string; preread: string }[] = [];
    for await (const sample of readJsonLines<(typeof samples)[0]>(stream)) if (samples.push(sample) === 2) break;
    expect(samples.map(({ name }) => name)).toEqual(["/talks", "/talks"]);
    // Each sample begins where the one before it ended.
    expect(samples[1]?.preread).toBe(samples[0]?.read);
    stream.destroy();
    await container.remove({ force: true });
  });

  test("hears of events as they happen", async () => {
    const stream = (await docker.getEvents({ filters: { type: ["container"], container: ["seen"] } })) as Readable;
    const heard: string[] = [];
    stream.on("data", (line: Buffer) => {
      for (const each of line.toString().trim().split("\n")) heard.push((JSON.parse(each) as { Action: string }).Action);
    });
    const container = await sleeper("seen");
    await container.kill();
    await container.wait();
    await container.remove();
    await expect.poll(() => heard).toEqual(["create", "start", "kill", "die", "destroy"]);
    stream.destroy();
  });

  test("puts an archive in, gets one out, and sees the same files", async () => {
    const container = await docker.createContainer({ Image: "busybox", name: "files" });
    await container.putArchive(tarOf(dir("made"), file("made/note", "kept")), { path: "/tmp" });
    const names = new Map<string, string>();
    const unpack = extract();
    unpack.on("entry", (header, content, next) => {
      content.on("data", (chunk) => names.set(header.name, (names.get(header.name) ?? "") + (chunk as Buffer).toString()));
      content.on("end", () => next());
      names.set(header.name, "");
    });
    const done = new Promise((resolve) => unpack.on("finish", () => resolve(null)));
    ((await container.getArchive({ path: "/tmp/made" })) as Readable).pipe(unpack);
    await done;
    expect(Object.fromEntries(names)).toEqual({ "made/": "", "made/note": "kept" });
    await container.remove();
  });

  test("makes networks and volumes, connects, and finds them in use", async () => {
    const network = await docker.createNetwork({ Name: "lan", Labels: { a: "b" } });
    await docker.createVolume({ Name: "vol" });
    const container = await sleeper("member", { HostConfig: { Binds: ["vol:/data"] } });
    await network.connect({ Container: "member", EndpointConfig: { Aliases: ["also"] } });
    expect(Object.values((await network.inspect()).Containers as Record<string, { Name: string }>).map(({ Name }) => Name)).toEqual([
      "member",
    ]);
    await expect(docker.getVolume("vol").remove()).rejects.toMatchObject({ statusCode: 409 });
    await network.disconnect({ Container: "member" });
    await container.remove({ force: true });
    await docker.getVolume("vol").remove();
    await network.remove();
    expect((await docker.listNetworks({ filters: { label: ["a=b"] } })).length).toBe(0);
  });

  test("commits a container, builds on that image, and runs what it built", async () => {
    const container = await docker.createContainer({ Image: "busybox", Cmd: ["sh", "-c", "echo base > /base"], name: "base" });
    await container.start();
    await container.wait();
    await container.commit({ repo: "committed", tag: "1", comment: "by dockerode" });
    await container.remove();
    const context = tarOf(
      file("Dockerfile", 'FROM committed:1\nCOPY note /note\nCMD ["cat", "/base", "/note"]\n'),
      file("note", "built\n"),
    );
    const progress = await docker.buildImage(context as unknown as NodeJS.ReadableStream, { t: "built:1" });
    const messages = await new Promise<{ stream?: string; error?: string }[]>((resolve, reject) =>
      docker.modem.followProgress(progress, (error, all) => (error ? reject(error) : resolve(all as { stream?: string }[]))),
    );
    expect(messages.map(({ stream }) => stream ?? "").join("")).toContain("Successfully tagged built:1");
    const out = new PassThrough();
    const whole = text(out);
    const [{ StatusCode }, ran] = (await docker.run("built:1", [], out, { Tty: true })) as [{ StatusCode: number }, Docker.Container];
    out.end();
    expect([StatusCode, await whole]).toEqual([0, "base\r\nbuilt\r\n"]);
    await ran.remove();
  });

  test("is told what is wrong as Docker tells it", async () => {
    await expect(docker.getContainer("nobody").inspect()).rejects.toMatchObject({
      statusCode: 404,
      json: { message: "No such container: nobody" },
    });
    await expect(docker.createContainer({ Image: "nosuch:1" })).rejects.toMatchObject({ statusCode: 404 });
    await expect(docker.listNodes()).rejects.toMatchObject({ statusCode: 503 });
    await expect(docker.searchImages({ term: "busybox" })).rejects.toMatchObject({ statusCode: 501 });
  });
});
