import { Writable } from "node:stream";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyTrace, encodeTrace, sourceId, traceId, type BuildTrace, type BuildVertex } from "../../../../src/docker/api/build-trace.ts";
import type { JsonMessage } from "../../../../src/docker/api/types.ts";
import stringWidth from "string-width";
import { TerminalDisplay } from "../../../../src/docker/cli/build/terminal.ts";
import type { UnixClient } from "../../../../src/docker/client/unix-client.ts";
import { runDockerWith } from "../../../support/run-docker.ts";

const vertex = (digest: string, change: Partial<BuildVertex> = {}): BuildVertex => ({
  digest,
  inputs: [],
  name: `[${digest}] RUN ${digest}`,
  cached: false,
  started: 1000,
  completed: null,
  error: "",
  ...change,
});
const log = (digest: string, data: string, timestamp = 1250): BuildTrace["logs"][number] => ({
  vertex: digest,
  timestamp,
  stream: 1,
  data: Buffer.from(data),
});
const trace = (change: Partial<BuildTrace>): JsonMessage => ({
  id: traceId,
  aux: encodeTrace({ ...emptyTrace, ...change }).toString("base64"),
});
const done = (vertexDigest: string, name: string, current = 0): BuildTrace["statuses"][number] => ({
  id: name,
  vertex: vertexDigest,
  name,
  current,
  total: 0,
  timestamp: 1100,
  started: 1000,
  completed: 1100,
});

describe("docker build", () => {
  let folder: string;
  let queries: Record<string, unknown>[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "build-cli-"));
    await writeFile(join(folder, "Dockerfile"), "FROM busybox\nRUN two\n");
    queries = [];
  });

  afterEach(() => rm(folder, { recursive: true }));

  function clientThatSays(...messages: readonly JsonMessage[]): Partial<UnixClient> {
    return {
      async buildImage(context, query) {
        queries.push(query);
        context.resume();
        return (async function* () {
          yield* messages;
        })();
      },
    };
  }

  const image: JsonMessage = { id: "moby.image.id", aux: { ID: "sha256:abc" } };

  test("shows steps side by side by their numbers, what they write, how long it took and what was found in the cache", async () => {
    const client = clientThatSays(
      trace({ vertices: [vertex("a"), vertex("b")], statuses: [done("a", "transferring context:", 1234)] }),
      trace({ logs: [log("a", "one\ntw"), log("b", "other\n")] }),
      trace({ logs: [log("a", "o\n", 1500)], vertices: [vertex("a", { completed: 2300 })] }),
      trace({ vertices: [vertex("c", { cached: true, completed: 1000 }), vertex("b", { completed: 1500 })] }),
      image,
    );
    const { exitCode, stdout, stderr } = await runDockerWith(client, ["build", "--iidfile", join(folder, "id"), folder]);
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(stderr).toMatchInlineSnapshot(`
      "#1 [a] RUN a
      #1 transferring context: 1.23kB 0.1s done
      #1 ...

      #2 [b] RUN b
      #2 ...

      #1 [a] RUN a
      #1 0.250 one
      #1 ...

      #2 [b] RUN b
      #2 0.250 other
      #2 ...

      #1 [a] RUN a
      #1 0.500 two
      #1 DONE 1.3s

      #3 [c] RUN c
      #3 CACHED

      #2 [b] RUN b
      #2 DONE 0.5s
      "
    `);
    expect(await readFile(join(folder, "id"), "utf8")).toBe("sha256:abc");
    expect(queries[0]).toMatchObject({ version: "2", dockerfile: "Dockerfile", session: undefined });
  });

  test("of a step that failed shows the end of what it wrote, and the Dockerfile's lines", async () => {
    const client = clientThatSays(
      trace({ vertices: [vertex("a")], logs: [log("a", "what went wrong\n")] }),
      trace({
        vertices: [vertex("a", { completed: 1500, error: "exit code: 3" }), vertex("b", { completed: 1500, error: "context canceled" })],
      }),
      { id: sourceId, aux: { file: "Dockerfile", text: "FROM busybox\nRUN two\n", start: 2, end: 2 } },
      { error: "exit code: 3", errorDetail: { message: "exit code: 3" } },
    );
    const { exitCode, stderr } = await runDockerWith(client, ["build", folder]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatchInlineSnapshot(`
      "#1 [a] RUN a
      #1 0.250 what went wrong
      #1 ERROR: exit code: 3

      #2 [b] RUN b
      #2 CANCELED
      ------
       > [a] RUN a:
      what went wrong
      ------
      Dockerfile:2
      --------------------
         1 |     FROM busybox
         2 | >>> RUN two
         3 |     
      --------------------
      ERROR: failed to build: failed to solve: exit code: 3
      "
    `);
  });

  test("is quiet but for the id, and tells why it failed all the same", async () => {
    expect(await runDockerWith(clientThatSays(trace({ vertices: [vertex("a")] }), image), ["build", "-q", folder])).toEqual({
      exitCode: 0,
      stdout: "sha256:abc\n",
      stderr: "",
    });
    // As dockerd answers to q=1: no other message.
    const id = `sha256:${"0a".repeat(32)}`;
    expect((await runDockerWith(clientThatSays({ stream: `${id}\n` }), ["build", "-q", folder])).stdout).toBe(`${id}\n`);
    const { stderr } = await runDockerWith(clientThatSays({ error: "no", errorDetail: { message: "no" } }), ["build", "-q", folder]);
    expect(stderr).toBe("ERROR: failed to build: failed to solve: no\n");
  });

  test("tells what happens as lines of JSON with --progress rawjson", async () => {
    const log = { vertex: "sha256:a", stream: 1, timestamp: 1000, data: Buffer.from("hi\n") };
    const client = clientThatSays(trace({ vertices: [{ ...vertex("a"), digest: "sha256:a", started: 0 }], logs: [log] }), image);
    const { stdout, stderr } = await runDockerWith(client, ["build", "--progress", "rawjson", folder]);
    const [line, ...more] = stderr.trim().split("\n");
    expect([stdout, more]).toEqual(["", []]);
    expect(JSON.parse(line ?? "")).toMatchObject({
      vertexes: [{ digest: "sha256:a", name: "[a] RUN a", started: "1970-01-01T00:00:00.000Z" }],
      logs: [{ vertex: "sha256:a", stream: 1, data: "aGkK", timestamp: "1970-01-01T00:00:01.000Z" }],
    });
  });

  test("takes an address as it is, and asks the classic builder with DOCKER_BUILDKIT=0", async () => {
    await runDockerWith(clientThatSays(image), ["build", "-q", "http://localhost/context.tar"]);
    expect(queries[0]).toMatchObject({ remote: "http://localhost/context.tar", version: "2" });
    const env = { DOCKER_BUILDKIT: "0" };
    const classic = await runDockerWith(clientThatSays({ stream: "Step 1/1 : FROM busybox\n" }), ["build", folder], { env });
    expect(classic.stdout).toBe("Step 1/1 : FROM busybox\n");
    expect(queries[1]).not.toHaveProperty("version");
  });

  test.each([
    [["--progress", "loud"], 'invalid progress mode "loud"'],
    [["--secret", "src=x"], "secret missing 'id' field"],
    [["--secret", "id=x,color=red"], "unexpected key 'color' in 'color=red'"],
    [["--secret", "id=x,type=magic"], 'unsupported secret type "magic"'],
    [["--secret", "id=x,src=/nonexistent/file"], "failed to read the secret's file /nonexistent/file: no such file or directory"],
  ])("%j is refused", async (flags, message) => {
    const { exitCode, stderr } = await runDockerWith(clientThatSays(image), ["build", ...flags, folder]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  test("hands secrets to a session, from files and variables", async () => {
    const secrets: ReadonlyMap<string, Buffer>[] = [];
    const client: Partial<UnixClient> = {
      ...clientThatSays(image),
      async openBuildSession(given) {
        secrets.push(given);
        return { id: "s1", async [Symbol.asyncDispose]() {} };
      },
    };
    await writeFile(join(folder, "key"), "from a file");
    const flags = [
      "--secret",
      `id=f,src=${join(folder, "key")}`,
      "--secret",
      "id=v,env=TOKEN",
      "--secret",
      "id=NAMED",
      "--secret",
      "id=none,env=UNSET",
    ];
    await runDockerWith(client, ["build", "-q", ...flags, folder], { env: { TOKEN: "from a variable", NAMED: "by its name" } });
    expect([...(secrets[0] ?? [])].map(([id, value]) => [id, value.toString()])).toEqual([
      ["f", "from a file"],
      ["v", "from a variable"],
      ["NAMED", "by its name"],
    ]);
    expect(queries[0]).toMatchObject({ session: "s1" });
  });
});

test("on a terminal the steps are drawn over themselves, within its width, and no program's escapes get through", () => {
  const written: string[] = [];
  const terminal = Object.assign(new Writable({ write: (chunk: Buffer, _, next) => (written.push(chunk.toString()), next()) }), {
    isTTY: true,
    columns: 50,
    rows: 10,
  });
  const display = new TerminalDisplay(terminal, { isColored: false });
  display.onTrace({
    ...emptyTrace,
    vertices: [
      vertex("a", { completed: 2200 }),
      vertex("b", { cached: true, completed: 1000, name: `[b] ${"long ".repeat(20)}` }),
      vertex("c", { started: Date.now() }),
    ],
    statuses: [done("a", "transferring context:", 2930)],
    logs: [log("c", "a line\n\u001b[2Jhidden\u0007 escape\n")],
  });
  display.finish();
  const text = written.join("");
  const lines = text.replace(/^[^[]*\u001b\[\?25l\r\u001b\[J/, "").split("\n");
  expect(lines[0]).toMatch(/^\[\+\] Building \d\.\ds \(2\/3\) +docker:default$/);
  expect(lines.slice(1, 7)).toEqual([
    " => [a] RUN a                                1.2s",
    " => => transferring context: 2.93kB          0.1s",
    " => CACHED [b] long long long long long long 0.0s",
    expect.stringMatching(/^ => \[c\] RUN c +\d\.\ds$/),
    " => => # a line",
    " => => # hidden escape",
  ]);
  expect(lines.every((line) => line.length <= 60)).toBe(true);
});

test("wide characters, tabs and narrow terminals break no line: what was drawn is gone back over whole", () => {
  for (const columns of [10, 30, 80]) {
    let text = "";
    const terminal = Object.assign(new Writable({ write: (chunk: Buffer, _, next) => ((text += chunk.toString()), next()) }), {
      columns,
      rows: 10,
    });
    const display = new TerminalDisplay(terminal, { isColored: false });
    display.onTrace({
      ...emptyTrace,
      vertices: [vertex("c", { started: Date.now(), name: `[c] RUN echo ${"世界".repeat(40)}` })],
      logs: [log("c", `${"世界".repeat(40)}\n\t\tx\n`)],
    });
    display.finish();
    // eslint-disable-next-line no-control-regex
    const lines = text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|\r/g, "").split("\n");
    expect(lines).toHaveLength(5);
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(Math.max(24, columns));
  }
});
