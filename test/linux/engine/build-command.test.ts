import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";

const run = promisify(execFile);
const docker = join(import.meta.dirname, "../../../dist/bin/docker.js");

describe.skipIf(!isBuilt || !hasNamespaces)("docker build as a command (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  let folder: string;

  beforeAll(async () => {
    engine = await startTestEngine();
    folder = await mkdtemp(join(tmpdir(), "build-command-"));
  });

  beforeEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, "context"), { recursive: true });
  });

  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function build(...args: readonly string[]): Promise<{ readonly stdout: Buffer; readonly stderr: string }> {
    const { stdout, stderr } = await run(process.execPath, [docker, "build", "--progress", "plain", ...args], {
      cwd: folder,
      env: { ...process.env, DOCKER_HOST: `unix://${engine.socket}`, HOME: folder, TMPDIR: folder },
      encoding: "buffer",
    }).catch((error: { stdout: Buffer; stderr: Buffer }) => error);
    return { stdout, stderr: stderr.toString() };
  }

  const dockerfile = (text: string): Promise<void> => writeFile(join(folder, "context/Dockerfile"), text);

  test("gives the files of a stage to a folder or a tar, and images as archives", async () => {
    await dockerfile(
      "FROM busybox AS made\nRUN mkdir /o; echo x > /o/x; ln -s x /o/l; chmod 751 /o/x\nFROM scratch\nCOPY --from=made /o /\n",
    );
    await build("-o", "out", "context");
    expect((await readdir(join(folder, "out"))).toSorted()).toEqual(["l", "x"]);
    expect(await readFile(join(folder, "out/l"), "utf8")).toBe("x\n");
    expect((await stat(join(folder, "out/x"))).mode & 0o777).toBe(0o751);
    const { stdout } = await build("-o", "-", "context");
    expect(execFileSync("tar", ["-t"], { input: stdout }).toString()).toBe("l\nx\n");
    expect((await engine.client.listImages({ all: true })).map(({ RepoTags }) => RepoTags?.[0])).toEqual(["busybox:latest"]);
    await build("-t", "given:1", "-o", "type=docker,dest=image.tar", "--metadata-file", "metadata.json", "context");
    const { Id } = await engine.client.inspectImage("given:1");
    expect(JSON.parse(readFileSync(join(folder, "metadata.json"), "utf8"))).toEqual({
      "containerimage.config.digest": Id,
      "containerimage.digest": Id,
      "image.name": "docker.io/library/given:1",
    });
    expect(execFileSync("tar", ["-xOf", join(folder, "image.tar"), "manifest.json"]).toString()).toContain("given:1");
    expect((await build("-o", "type=foo", "context")).stderr).toBe(
      'output type "foo" is not supported: use local, tar, docker, oci or image\n',
    );
  });

  test("takes a context from stdin as it comes, and tells what is wrong with it while more comes", async () => {
    const pipe = async (script: string): Promise<string> => {
      const env = { ...process.env, DOCKER_HOST: `unix://${engine.socket}`, HOME: folder, DOCKER: `${process.execPath} ${docker}` };
      const { stdout, stderr } = await run("bash", ["-c", script], { cwd: folder, env }).catch(
        (error: { stdout: string; stderr: string }) => error,
      );
      return `${stdout}${stderr}`;
    };
    await dockerfile("FROM busybox\nCOPY f /f\nRUN cat /f\n");
    await writeFile(join(folder, "context/f"), "of the tar\n");
    expect(await pipe("tar -C context -czf - . | $DOCKER build --progress plain -")).toMatch(/of the tar\n/);
    // The tar never ends; the first wrong header does.
    for (const kit of ["0", "1"]) {
      const wrong = "(head -c 512 /dev/zero | tr '\\0' x; cat /dev/zero)";
      const told = await pipe(`(tar -C context -cf - f | head -c 1024; ${wrong}) | DOCKER_BUILDKIT=${kit} $DOCKER build -`);
      expect(told).toContain("archive/tar: invalid tar header");
    }
  });

  test("does the steps of named stages again, and limits what RUN has", async () => {
    await dockerfile("FROM busybox AS one\nRUN ulimit -n; df -k /dev/shm | tail -1\nFROM one AS two\nRUN echo two\n");
    const options = ["--ulimit", "nofile=77:88", "--shm-size", "2m", "--no-cache-filter", "one", "context"];
    expect((await build(...options)).stderr).toMatch(/ 77\n[^]* 2048 /);
    const { stderr } = await build(...options);
    expect(stderr).toContain(" 77\n");
    expect(stderr).toMatch(/\[two 1\/1\] RUN echo two\n#\d+ CACHED/);
  });

  test("builds a Git repository, of a branch or tag, in one of its folders, and leaves no checkout", async () => {
    const git = (cwd: string, ...args: readonly string[]): void =>
      void execFileSync("git", ["-c", "user.name=n", "-c", "user.email=n@example.com", ...args], { cwd });
    const work = join(folder, "work");
    await mkdir(join(work, "sub"), { recursive: true });
    await writeFile(join(work, "sub/Dockerfile"), "FROM busybox\nCOPY . /c\nRUN ls -A /c; cat /c/v\n");
    git(work, "init", "-q", "-b", "main");
    for (const version of ["one", "two"]) {
      await writeFile(join(work, "sub/v"), `${version}\n`);
      git(work, "add", ".");
      git(work, "commit", "-q", "-m", version);
      git(work, "tag", version);
    }
    git(folder, "clone", "-q", "--bare", "work", "served.git");
    git(join(folder, "served.git"), "update-server-info");
    const server = await serve(folder);
    try {
      const remote = `http://127.0.0.1:${(server.address() as AddressInfo).port}/served.git`;
      expect((await build(`${remote}#one:sub`)).stderr).toMatch(/ Dockerfile\n.* v\n.* one\n/);
      expect((await build(`${remote}#:sub`)).stderr).toMatch(/ two\n/);
      expect((await build(`${remote}#none`)).stderr).toContain(
        "unable to prepare context: unable to 'git clone' to temporary context directory",
      );
      expect((await build(`${remote}#main:../sub`)).stderr).toContain('invalid git subdirectory "../sub"');
    } finally {
      server.close();
    }
    expect((await readdir(folder)).toSorted()).toEqual(["context", "served.git", "work"]);
  });
});

/** Files as a web server has them that knows nothing of Git. */
async function serve(root: string): Promise<Server> {
  const server = createServer((request, response) => {
    readFile(join(root, new URL(request.url ?? "/", "http://x").pathname)).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
