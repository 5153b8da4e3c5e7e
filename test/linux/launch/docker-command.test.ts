import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demultiplex } from "../../../src/docker/client/multiplexed-stream.ts";
import { dockerCommand } from "../../../src/runtime/launch/docker-command.ts";
import { dockerFlags, dockerSnapshot } from "../../../src/runtime/launch/node-start.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

describe.skipIf(!isBuilt || !hasNamespaces)("the docker of an engine's world (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  let folder: string;
  beforeAll(async () => {
    engine = await startTestEngine();
    folder = mkdtempSync(join(tmpdir(), "slipway-docker-"));
    // What stands for our Node program tells that it was asked.
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "node"), '#!/bin/sh\nshift 2\necho "itself: $*"\n', { mode: 0o755 });
    writeFileSync(
      join(folder, "bin/docker"),
      dockerCommand({ node: join(folder, "node"), start: ["--", "/nowhere/docker.js"], host: `unix://${engine.socket}` }),
      { mode: 0o755 },
    );
  });
  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    HOME: "/nonexistent",
    ...more,
  });
  function sh(script: string, options: { input?: string; env?: NodeJS.ProcessEnv } = {}) {
    const { stdout, stderr, status } = spawnSync("sh", ["-c", script], {
      cwd: folder,
      encoding: "utf8",
      input: options.input ?? "",
      env: environment(options.env),
      maxBuffer: 64 * 1024 * 1024,
    });
    return { stdout, stderr, status };
  }
  function start(...argv: string[]): ChildProcess {
    return spawn(join(folder, "bin/docker"), argv, { cwd: folder, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  }
  async function untilItPrints(child: ChildProcess, text: string): Promise<void> {
    const printed = child.stdout?.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of printed) if (chunk.toString().includes(text)) return;
    throw new Error(`it ended without printing ${text}`);
  }

  test("runs a command in the engine with the caller's words, input, output and exit code", () => {
    expect(
      sh("docker run --rm -i -e GIVEN busybox sh -c 'cat; echo $GIVEN >&2; exit 7'", { input: "typed\n", env: { GIVEN: "here" } }),
    ).toEqual({
      stdout: "typed\n",
      stderr: "here\n",
      status: 7,
    });
    expect(sh("docker rm nobody").stderr).toBe("Error response from daemon: No such container: nobody\n");
    expect(sh("docker --version").stdout).toMatch(/^Docker version \d/);
  });

  test("has a process of its own start from the snapshot, and without where somebody has flags of his own for Node", () => {
    const bundle = join(import.meta.dirname, "../../../dist/bundle/cli/docker.js");
    const snapshot = join(import.meta.dirname, "../../..", dockerSnapshot());
    mkdirSync(join(folder, "own"));
    writeFileSync(
      join(folder, "own/docker"),
      dockerCommand({
        node: process.execPath,
        start: [...dockerFlags, "--snapshot-blob", snapshot, "--", bundle],
        host: `unix://${engine.socket}`,
      }),
      { mode: 0o755 },
    );
    const copy =
      "own/docker create --name own busybox >/dev/null; own/docker cp own:/bin/busybox copy; own/docker rm own; test -s copy && rm copy";
    for (const env of [{}, { NODE_OPTIONS: "--max-old-space-size=300" }])
      expect(sh(copy, { env })).toEqual({ stdout: "own\n", stderr: "", status: 0 });
  });

  test("leaves input to the next command of the script unless the container wants it", () => {
    expect(sh('while read name; do docker ps -q --filter name=$name; echo "$name"; done', { input: "a\nb\n" }).stdout).toBe("a\nb\n");
  });

  test("carries more than any buffer holds, both ways", () => {
    expect(sh("seq 1 300000 | docker run --rm -i busybox cat | tail -1").stdout).toBe("300000\n");
  });

  test("keeps the order of its two outputs where both go to one pipe, also when that takes its time", async () => {
    const { stdout } = sh(`docker tag busybox made; docker create --name there busybox >/dev/null
      docker rmi nosuch made 2>&1 | cat; docker rm nosuch there 2>&1 | cat; docker network rm nosuch none 2>&1 | cat`);
    expect(stdout.split("\n").map((line) => line.replace(/^Untagged.*/, "untagged"))).toEqual([
      "untagged",
      "Error response from daemon: No such image: nosuch:latest",
      "there",
      "Error response from daemon: No such container: nosuch",
      "Error response from daemon: network nosuch not found",
      "Error response from daemon: none is a pre-defined network and cannot be removed",
      "exit status 1",
      "",
    ]);
    sh(
      "docker run --name both busybox sh -c 'seq 3000 | while read i; do echo out $i $HOSTNAME $PATH; echo err $i $HOSTNAME $PATH >&2; done'",
    );
    const logged: string[] = [];
    const logs = await engine.client.containerLogs("both", { stdout: true, stderr: true });
    const output = (): Writable =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          logged.push(chunk.toString());
          done();
        },
      });
    await demultiplex(logs, { stdout: output(), stderr: output() });
    // More than a pipe and the connection hold, and in turns.
    expect(logged.length).toBeGreaterThan(4);
    expect(logged.join("").length).toBeGreaterThan(300_000);
    // A pipe that is full before it is read, and one whose writers are told not to wait.
    for (const before of ["", "perl -e 'fcntl STDOUT, 4, 2048';"]) {
      const { stdout: printed } = sh(`{ ${before} docker logs both; } 2>&1 | { sleep 0.3; cat; }`);
      expect(printed === logged.join("")).toBe(true);
    }
    sh("docker rm both");
  });

  test("opens files as its caller does, by names relative to where that one is", () => {
    const script = `mkdir -p inner && cd inner && docker create --name filed busybox true >/dev/null && docker export -o made.tar filed
      umask 022; stat -c %a made.tar; docker import made.tar filed:1 >/dev/null && docker rm filed >/dev/null && docker rmi filed:1 >/dev/null && ls
      docker import missing.tar; docker export -o /nowhere/x filed; docker import /
      echo 'X=from a file' > env; docker run --rm --env-file env busybox sh -c 'echo $X'`;
    expect(sh(script)).toEqual({
      stdout: "600\nmade.tar\nfrom a file\n",
      stderr: [
        "open missing.tar: no such file or directory",
        "failed to export container: invalid output path: stat /nowhere: no such file or directory",
        "open /: is a directory",
        "",
      ].join("\n"),
      status: 0,
    });
  });

  test("builds from stdin in the engine: a Dockerfile, or a tar, and tells what is wrong with it", () => {
    const built = sh("docker build -q -t piped:1 - && docker run --rm piped:1 cat /made", {
      input: "FROM busybox\nRUN echo from a pipe > /made\n",
    });
    expect(built).toEqual({ stdout: expect.stringMatching(/^sha256:[0-9a-f]{64}\nfrom a pipe\n$/), stderr: "", status: 0 });
    const packed = `mkdir -p context && cd context && printf 'FROM busybox\\nCOPY given /\\n' > Dockerfile && echo a file > given
      tar -cf - . | docker build -q -t piped:2 - >/dev/null && docker run --rm piped:2 cat /given`;
    expect(sh(packed)).toEqual({ stdout: "a file\n", stderr: "", status: 0 });
    const wrong = sh("docker build -", { input: "FROM busybox\nRUN exit 3\n" });
    expect(wrong).toMatchObject({
      stdout: "",
      status: 1,
      stderr: expect.stringContaining("did not complete successfully: exit code: 3\n"),
    });
    expect(sh("docker rmi piped:1 piped:2 >/dev/null").status).toBe(0);
  });

  test("leaves no half a file when what it writes fails or is interrupted", async () => {
    expect(sh("mkdir half; docker export -o half/a.tar nobody").status).toBe(1);
    execFileSync("mkfifo", [join(folder, "half/pipe")]);
    const blocked = start("import", "half/pipe", "x:1");
    blocked.kill("SIGTERM");
    expect(await once(blocked, "exit")).toEqual([null, "SIGTERM"]);
    expect(readdirSync(join(folder, "half"))).toEqual(["pipe"]);
  });

  test("does itself what needs a process of its own: files by the folder, logins, a configuration, another engine", async () => {
    for (const words of [
      "cp a b:c",
      "build .",
      "build --iidfile id -",
      "build -o - -",
      "login here",
      "logout",
      "run --cidfile id busybox true",
      "--config x ps",
      "-H tcp://else ps",
    ]) {
      expect(sh(`docker ${words}`).stdout).toBe(`itself: ${words}\n`);
    }
    mkdirSync(join(folder, "config"));
    writeFileSync(join(folder, "config/config.json"), "{}");
    expect(sh("docker ps", { env: { DOCKER_CONFIG: join(folder, "config") } }).stdout).toBe("itself: ps\n");
    expect(sh("docker ps", { env: { DOCKER_HOST: "unix:///nowhere.sock" } }).stdout).toBe("itself: ps\n");
    // An engine that does not know the question.
    const other = createServer((socket) => socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    await new Promise<void>((resolve) => other.listen(join(folder, "other.sock"), resolve));
    const child = spawn(join(folder, "bin/docker"), ["ps"], { env: environment({ DOCKER_HOST: `unix://${join(folder, "other.sock")}` }) });
    await untilItPrints(child, "itself: ps");
    other.close();
  });

  test("passes signals on to its container, and dies of those that nobody asked for", async () => {
    const run = start("run", "--rm", "busybox", "sh", "-c", "trap 'echo stopping; exit 3' TERM; echo up; while :; do sleep 0.05; done");
    await untilItPrints(run, "up");
    run.stdout?.resume();
    run.kill("SIGTERM");
    expect(await once(run, "exit")).toEqual([3, null]);

    const waiting = start("events", "--since", "1");
    await untilItPrints(waiting, "container");
    waiting.kill("SIGINT");
    expect(await once(waiting, "exit")).toEqual([null, "SIGINT"]);
  });

  test("ends with whoever reads it, and its command with it", async () => {
    sh("docker run -d --name talker busybox sh -c 'while :; do echo line; sleep 0.01; done'");
    expect(sh("docker logs -f talker | head -1").stdout).toBe("line\n");
    // The command in the engine ended too, and closed its requests: what is left is ours alone.
    await expect.poll(() => connectionsTo(engine.socket)).toBe(0);
    expect(sh("docker rm -f talker").status).toBe(0);
  });

  test("says so when the engine goes away in the middle, and a liar at the socket cannot make it write outside what it was asked", async () => {
    const liar = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 101 UPGRADED\r\n\r\n"));
    });
    await new Promise<void>((resolve) => liar.listen(join(folder, "liar.sock"), resolve));
    const child = spawn(join(folder, "bin/docker"), ["ps"], {
      env: environment({ DOCKER_HOST: `unix://${join(folder, "liar.sock")}` }),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    expect(await once(child, "close")).toEqual([1, null]);
    expect(complaint).toBe("error during connect: the engine went away\n");
    liar.close();
  });

  test("what is no command line is refused, and the engine goes on", async () => {
    for (const body of ["", "relative\x001\0ps", "/\x00999\0ps"]) {
      const socket = connect(engine.socket);
      socket.on("error", () => undefined);
      socket.end(
        `POST /slipway/command HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: slipway\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      socket.resume();
      await once(socket, "close");
    }
    expect(sh("docker ps -q").status).toBe(0);
  });

  /** How many connections of others the engine has. */
  function connectionsTo(socket: string): number {
    return readFileSync("/proc/net/unix", "utf8")
      .split("\n")
      .filter((line) => line.endsWith(socket) && !line.includes("00010000")).length;
  }
});
