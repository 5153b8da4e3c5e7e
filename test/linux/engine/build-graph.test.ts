import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeTrace, sourceId, traceId, type BuildSource, type BuildVertex } from "../../../src/docker/api/build-trace.ts";
import { UnixClient } from "../../../src/docker/client/unix-client.ts";
import { defaultStore } from "../../../src/provision/base-images.ts";
import { startEngine } from "../../../src/runtime/launch/start-engine.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { tarHeader } from "../../../src/oci/tar/tar-header.ts";
import { encodeTarHeader } from "../../../src/oci/tar/write-tar.ts";
import { device, dir, file, hardlink, symlink, tarOf, type TarItem } from "../../support/tar-of.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

const docker = join(import.meta.dirname, "../../../dist/bin/docker.js");

interface Outcome {
  readonly id: string;
  readonly error: string;
  readonly source: BuildSource | null;
  readonly log: string;
  /** What became of each step, by its name. */
  readonly steps: ReadonlyMap<string, BuildVertex>;
}

describe.skipIf(!isBuilt || !hasNamespaces)("a build by the graph of its stages (needs a build, and user namespaces)", () => {
  let engine: TestEngine;

  beforeAll(async () => {
    engine = await startTestEngine();
  });

  afterAll(() => engine[Symbol.asyncDispose]());

  async function build(
    dockerfile: string,
    items: readonly TarItem[] = [],
    query: Readonly<Record<string, unknown>> = {},
    options: { readonly signal?: AbortSignal; readonly onLog?: (text: string) => void; readonly client?: UnixClient } = {},
  ): Promise<Outcome> {
    const context = Readable.from([tarOf(file("Dockerfile", dockerfile), ...items)]);
    const steps = new Map<string, BuildVertex>();
    let [id, error, log]: [string, string, string] = ["", "", ""];
    let source: BuildSource | null = null;
    for await (const message of await (options.client ?? engine.client).buildImage(context, { ...query, version: "2" }, options.signal)) {
      error += message.error ?? "";
      if (message.id === "moby.image.id") id = (message.aux as { ID: string }).ID;
      if (message.id === sourceId) source = message.aux as BuildSource;
      if (message.id !== traceId) continue;
      const trace = decodeTrace(Buffer.from(message.aux as string, "base64"));
      for (const vertex of trace.vertices) steps.set(vertex.name, vertex);
      for (const { data } of trace.logs) {
        log += data.toString();
        options.onLog?.(data.toString());
      }
    }
    return { id, error, source, log, steps };
  }

  const cached = ({ steps }: Outcome): readonly string[] =>
    [...steps.values()].filter((step) => step.cached && !step.name.includes("FROM")).map(({ name }) => name);

  async function leftOvers(): Promise<readonly string[]> {
    const containers = await engine.client.listContainers({ all: true });
    const folders = await Promise.all(
      ["snapshots/active", "containers", "builds"].map((name) => readdir(join(engine.root, name)).catch(() => [])),
    );
    return [...containers.map(({ Id }) => Id), ...folders.flat()];
  }

  test("makes an image with a history, of the stages that are needed and no other", async () => {
    const outcome = await build(
      [
        "ARG BASE=busybox",
        "FROM $BASE AS maker",
        "RUN echo made > /product",
        "FROM busybox AS never",
        "RUN exit 1",
        "FROM $BASE",
        "ARG TARGETARCH",
        "ENV GREETING=hello",
        "COPY --from=maker /product /",
        "COPY --chmod=600 --chown=daemon <<one <<'two' /d/",
        "$GREETING ${NOBODY:-you} ${GREETING:+set}",
        "one",
        "$GREETING",
        "two",
        "RUN <<EOF",
        "cat /product /d/*; stat -c '%a %U' /d/one",
        "EOF",
        'CMD ["cat", "/d/one"]',
      ].join("\n"),
      [],
      { t: "graph:v1", labels: { by: "test" } },
    );
    expect(outcome.error).toBe("");
    expect(outcome.log).toBe("made\nhello you set\n$GREETING\n600 daemon\n");
    expect([...outcome.steps.keys()].filter((name) => name.startsWith("[never"))).toEqual([]);
    const image = await engine.client.inspectImage("graph:v1");
    expect(image.Id).toBe(outcome.id);
    expect(image.Config).toMatchObject({ Cmd: ["cat", "/d/one"], Labels: { by: "test" } });
    expect((await engine.client.imageHistory("graph:v1")).slice(0, 6).map(({ CreatedBy }) => CreatedBy)).toEqual([
      'CMD ["cat" "/d/one"]',
      expect.stringMatching(/^RUN \|1 TARGETARCH=\w+ \/bin\/sh -c cat .* # buildkit$/),
      "COPY --chown=daemon --chmod=600 <<one <<'two' /d/ # buildkit",
      "COPY /product / # buildkit",
      "ENV GREETING=hello",
      "ARG TARGETARCH",
    ]);
    expect((await engine.client.listImages({ all: true })).map(({ RepoTags }) => RepoTags?.[0] ?? "").toSorted()).toEqual([
      "busybox:latest",
      "graph:v1",
    ]);
    expect(await leftOvers()).toEqual([]);
  });

  test("runs stages side by side when they do not need each other", async () => {
    // Each waits for what the other does: one after the other they would wait for ever.
    const wait = (mine: string, other: string): string =>
      `RUN --mount=type=cache,target=/meet touch /meet/${mine}; i=0; while [ ! -e /meet/${other} ] && [ $i -lt 400 ]; do sleep 0.05; i=$((i+1)); done; [ -e /meet/${other} ]`;
    const outcome = await build(
      `FROM busybox AS a\n${wait("a", "b")}\nFROM busybox AS b\n${wait("b", "a")}\nFROM scratch\nCOPY --from=a /etc/group /a\nCOPY --from=b /etc/group /b\n`,
    );
    expect(outcome.error).toBe("");
  });

  test("finds its steps again by content, also when the image is gone, and makes the same image of them", async () => {
    const text = "FROM busybox\nCOPY f /f\nRUN cat /f\nWORKDIR /w\nENV A=1\n";
    const first = await build(text, [file("f", "1", { mtime: 1_000_000_000n })], { t: "again" });
    expect(cached(first)).toEqual([]);
    const touched = await build(text, [file("f", "1", { mtime: 2_000_000_000n })]);
    expect(cached(touched)).toHaveLength(3);
    expect(touched.id).toBe(first.id);
    await engine.client.removeImage("again", { force: true });
    expect(cached(await build(text, [file("f", "1")]))).toHaveLength(3);
    expect(cached(await build(text, [file("f", "2")]))).toEqual([]);
    expect(cached(await build(text, [file("f", "1")], { nocache: true }))).toEqual([]);
  });

  test("gives the same digests again with SOURCE_DATE_EPOCH, without the cache", async () => {
    const text = "FROM busybox\nCOPY f /f\nRUN echo x > /x; mkdir /d; ln -s x /l\nWORKDIR /w\n";
    const query = { buildargs: { SOURCE_DATE_EPOCH: "1700000000" }, nocache: true };
    const one = await build(text, [file("f", "1", { mtime: 1_800_000_000_000_000_000n })], query);
    const two = await build(text, [file("f", "1", { mtime: 1_900_000_000_000_000_000n })], query);
    expect(one.error).toBe("");
    expect(two.id).toBe(one.id);
    expect((await engine.client.inspectImage(one.id)).Created).toBe("2023-11-14T22:13:20.000Z");
    // So does another engine, of which nothing is shared but the base image.
    await using other = await startTestEngine();
    const three = await build(text, [file("f", "1", { mtime: 1_850_000_000_000_000_000n })], query, { client: other.client });
    expect(three.id).toBe(one.id);
    expect((await other.client.inspectImage(three.id)).RootFS).toEqual((await engine.client.inspectImage(one.id)).RootFS);
    expect((await build(text, [file("f", "1")], { ...query, buildargs: { SOURCE_DATE_EPOCH: "1" } })).id).not.toBe(one.id);
    expect((await build(text, [], { buildargs: { SOURCE_DATE_EPOCH: "now" } })).error).toBe("invalid SOURCE_DATE_EPOCH: now");
  });

  test("copies as BuildKit does: hard links stay, patterns may find nothing, and of ENV and ARG the later one counts", async () => {
    const outcome = await build(
      `FROM busybox AS base
ARG L=default
ENV L=env
ARG L=last
RUN echo $L; hostname
FROM base
COPY d /d
COPY none* ../one /to/
COPY --chown=nosuch:9 one two /last
RUN echo $L; stat -c %h /d/a; ls /to; cat /last; stat -c %u:%g /last
`,
      [file("d/a", "x"), hardlink("d/b", "d/a"), file("one", "1\n"), file("two", "2\n")],
      { buildargs: { L: "given" } },
    );
    expect(outcome.error).toBe("");
    expect(outcome.log).toBe("given\nbuildkitsandbox\nenv\n2\none\n2\n0:9\n");
    expect([...outcome.steps.keys()].filter((name) => name.startsWith("[stage-1"))).toContain(
      "[stage-1 3/4] COPY --chown=nosuch:9 one two /last",
    );
  });

  test("finds what is wrong with an instruction before any step, wherever it stands", async () => {
    const later = "FROM busybox\nRUN true\n";
    for (const [text, why, line] of [
      ["RUN --mount=type=foo true", 'dockerfile parse error line 3: unsupported mount type "foo"', 3],
      ["RUN --network=foo true", 'dockerfile parse error line 3: unsupported network mode "foo"', 3],
      ["COPY --from=7 / /", "invalid stage index 7", 3],
      ["EXPOSE abc", "Invalid containerPort: abc", 3],
      ["ARG P=90-80\nEXPOSE 80 \\\n  $P", "Invalid containerPort: 90-80", 4],
      ["EXPOSE 80/foo", "Invalid proto: foo", 3],
      ["STOPSIGNAL FOO", "Invalid signal: FOO", 3],
      ["STOPSIGNAL $NONE", "Invalid signal: ", 3],
      ["HEALTHCHECK --interval=abc CMD true", 'dockerfile parse error line 3: time: invalid duration "abc"', 3],
      ["HEALTHCHECK --interval=0.5ms CMD true", 'dockerfile parse error line 3: Interval "interval" cannot be less than 1ms', 3],
      ["HEALTHCHECK --timeout=-5s CMD true", 'dockerfile parse error line 3: Interval "timeout" cannot be less than 1ms', 3],
      ["HEALTHCHECK --retries=-1 CMD true", "dockerfile parse error line 3: --retries must be at least 1 (not -1)", 3],
      ["HEALTHCHECK --retries=x CMD true", 'dockerfile parse error line 3: strconv.ParseInt: parsing "x": invalid syntax', 3],
      ["HEALTHCHECK FOO x", 'dockerfile parse error line 3: Unknown type "FOO" in HEALTHCHECK (try CMD)', 3],
      ["ENV =x", "dockerfile parse error line 3: ENV names can not be blank", 3],
      ["ARG =x", "dockerfile parse error line 3: ARG names can not be blank", 3],
      ['VOLUME [""]', "VOLUME specified can not be an empty string", 3],
      ["ENV A=${x", "failed to process \"${x\": syntax error: missing '}'", 3],
      ["COPY a${x?need} /y", 'failed to process "a${x?need}": x: need', 3],
      ['LABEL a="b', 'failed to process "\\"b": unexpected end of statement while looking for matching double-quote', 3],
      ["COPY --chmod=999 f /x", "invalid chmod parameter: '999'. it should be octal string and between 0 and 07777", 3],
      ["COPY --chmod=u+q f /x", "invalid chmod parameter: 'u+q'. it should be octal or symbolic, such as u=rwX,go=rX", 3],
      ["ADD --checksum=sha256:00 f /x", "checksum can't be specified for non-HTTP(S) sources", 3],
      ["FROM busybox AS last\nRUN true\nEXPOSE 70000", "Invalid containerPort: 70000", 5],
      ["FROM busybox AS unused\nEXPOSE abc\nFROM busybox\nRUN true\nSTOPSIGNAL X", "Invalid signal: X", 7],
    ] as const) {
      const { error, steps, source } = await build(`${later}${text}\n`, [], { nocache: "1" });
      expect({ error, steps: [...steps.keys()].filter((name) => name.includes("RUN")) }).toEqual({ error: why, steps: [] });
      expect(source).toMatchObject({ start: line });
    }
    expect((await build('FROM busybox\nRUN ["/nope"]\n')).log).toBe(
      'runc run failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory\n',
    );
  });

  test("copies with symbolic modes, with the folders of the sources, and without what is to be left out", async () => {
    const outcome = await build(
      `FROM busybox
COPY --chmod=u=rwX,go=rX d /modes
COPY --chmod=go-r,+x d/a.txt /plus
COPY --parents d/a.txt d/s/./t/*.txt **/deep.md /parents/
COPY --exclude=*.md --exclude=s/t --exclude=!keep.md d /some
COPY --exclude=a.* d/a* /few/
RUN cd /modes && stat -c '%a %n' . a.txt s/t run; stat -c %a /plus; cd /parents && find . -type f | sort; stat -c %a d/s; cd /some && find . | sort; ls /few
`,
      [
        dir("d", { mode: 0o700 }),
        file("d/a.txt", "a", { mode: 0o600 }),
        file("d/run", "x", { mode: 0o711 }),
        file("d/keep.md", ""),
        dir("d/s", { mode: 0o750 }),
        file("d/s/no.md", ""),
        file("d/s/t/b.txt", "b"),
        file("d/s/t/deep.md", "m"),
        file("d/ab", ""),
      ],
    );
    expect(outcome.error).toBe("");
    expect(outcome.log.trim().replaceAll("\n", " ")).toBe(
      "755 . 644 a.txt 755 s/t 755 run 711 " +
        "./d/a.txt ./d/s/t/deep.md ./t/b.txt 750 " +
        ". ./a.txt ./ab ./keep.md ./run ./s ./s/no.md ab",
    );
    expect((await build("FROM busybox\nCOPY --parents d/nope /x/", [file("d/f", "")])).error).toBe(
      'failed to compute cache key: "/d/nope": not found',
    );
  });

  // An ordinary user has no more ids than /etc/subuid says.
  test.skipIf(process.getuid?.() !== 0)("knows ids far above 65535: of files, of programs, and in layers (needs root)", async () => {
    const outcome = await build(
      `FROM busybox
COPY --chown=2000000000:70000 f /f
USER 100000:80000
RUN id -u; id -g; stat -c %u:%g /f; touch /tmp/own
USER 0
RUN stat -c %u:%g /tmp/own; chown 2147483647 /tmp/own
`,
      [file("f", "x")],
      { t: "far" },
    );
    expect(outcome.error).toBe("");
    expect(outcome.log).toBe("100000\n80000\n2000000000:70000\n100000:80000\n");
    const shown = spawnSync(process.execPath, [docker, "run", "--rm", "far", "stat", "-c", "%u", "/f", "/tmp/own"], {
      env: { ...process.env, DOCKER_HOST: `unix://${engine.socket}` },
    });
    expect(String(shown.stdout)).toBe("2000000000\n2147483647\n");
  });

  test("mounts caches, other stages, the context and memory into RUN, and leaves nothing of them in the image", async () => {
    const text = [
      "FROM busybox AS other",
      "RUN echo other > /from-other",
      "FROM busybox",
      "RUN --mount=type=cache,id=c,target=/cache/deep,mode=0700,uid=3 stat -c '%a %u' /cache/deep; echo kept > /cache/deep/x",
      "RUN --mount=type=cache,id=c,target=/elsewhere,readonly cat /elsewhere/x; ! touch /elsewhere/y 2>/dev/null",
      "RUN --mount=type=bind,from=other,source=/from-other,target=/o --mount=target=/ctx,rw cat /o /ctx/f; echo changed > /ctx/f",
      "RUN --mount=target=/ctx cat /ctx/f; ! touch /ctx/g 2>/dev/null",
      "RUN --mount=type=tmpfs,target=/t,size=1m grep -c ' /t tmpfs' /proc/mounts; echo x > /t/x",
      "RUN --network=none ls /sys/class/net; ls -d /cache /elsewhere /o /ctx /t 2>/dev/null | wc -l",
    ].join("\n");
    const outcome = await build(text, [file("f", "context\n")]);
    expect(outcome.error).toBe("");
    expect(outcome.log).toBe("700 3\nkept\nother\ncontext\ncontext\n1\nlo\n0\n");
    expect((await build("FROM busybox\nRUN --mount=type=cache,to=/x true")).error).toBe(
      "dockerfile parse error line 2: unexpected key 'to' for mount type 'cache'",
    );
    expect((await build("FROM busybox\nRUN --mount=from=nope/nope,target=/x true")).error).toContain("nope/nope");
  });

  test("asks its client for secrets when a step needs them, and keeps none", async () => {
    const secrets = new Map([["key", Buffer.from("hush-hush")]]);
    const text = [
      "FROM busybox",
      "RUN --mount=type=secret,id=key,mode=0440,uid=1 cat /run/secrets/key; stat -c ' %a %u' /run/secrets/key",
      "RUN --mount=type=secret,id=key,env=KEY,target=/k/e/y --mount=type=secret,id=absent echo $KEY; cat /k/e/y; ls /run/secrets | wc -l",
      "RUN ls -d /run/secrets /k | wc -l",
    ].join("\n");
    await using session = await engine.client.openBuildSession(secrets);
    const outcome = await build(text, [], { session: session.id, t: "secretive" });
    expect(outcome.error).toBe("");
    expect(outcome.log).toMatch(/^hush-hush 440 1\nhush-hush\nhush-hush/);
    expect(JSON.stringify([await engine.client.inspectImage("secretive"), await engine.client.imageHistory("secretive")])).not.toContain(
      "hush",
    );
    const grep = spawnSync("grep", ["-rl", "hush-hush", engine.root], { encoding: "utf8" });
    expect(grep.stdout).toBe("");
    expect((await build(text, [], { session: "gone", nocache: "1" })).error).toContain("no active session for gone");
  });

  test("tells what failed, why and where, and leaves nothing", async () => {
    const ran = await build("FROM busybox\nRUN echo before; \\\n  exit 3\nRUN echo after\n");
    expect(ran.error).toBe('process "/bin/sh -c echo before;   exit 3" did not complete successfully: exit code: 3');
    expect(ran.source).toMatchObject({ file: "Dockerfile", start: 2, end: 3 });
    expect(ran.log).toBe("before\n");
    const copied = await build("FROM busybox AS a\nRUN sleep 100\nFROM busybox\nCOPY nope /x\nCOPY --from=a / /\n");
    expect(copied.error).toBe('failed to compute cache key: "/nope": not found');
    expect(copied.steps.get("[a 2/2] RUN sleep 100")?.error ?? "context canceled").toBe("context canceled");
    for (const [text, error] of [
      ["FROM busybox\nRUN --mount=type=secret,id=s,required true", "secret s: not found"],
      ["FROM busybox AS a\nCOPY --from=b /x /\nFROM busybox AS b\nCOPY --from=a /x /", "circular dependency detected on stage: a"],
      ["FROM busybox\nCOPY --from=7 /x /", "invalid stage index 7"],
      ["FROM busybox\nRUN --network=x true", 'unsupported network mode "x"'],
      ['FROM busybox\nRUN ["/nope"]', 'process "/nope" did not complete successfully'],
    ] as const) {
      expect((await build(text)).error).toContain(error);
    }
    expect((await build("FROM busybox", [], { target: "nope" })).error).toContain("nope");
    expect(await leftOvers()).toEqual([]);
    expect((await engine.client.listVolumes()).Volumes).toEqual([]);
  });

  test("ends with the connection, in every stage", async () => {
    const client = new AbortController();
    const text = "FROM busybox AS a\nRUN echo ready; sleep 1000\nFROM busybox\nRUN sleep 1000\nCOPY --from=a /x /x\n";
    await expect(build(text, [], {}, { signal: client.signal, onLog: () => client.abort() })).rejects.toBeInstanceOf(Error);
    await expect.poll(leftOvers).toEqual([]);
  });

  test("refuses contexts that lead out, hold devices or are bombs, each by a clear error", async () => {
    const refused = async (...items: readonly TarItem[]): Promise<string> => (await build("FROM busybox\nCOPY . /x\n", items)).error;
    expect(await refused(file("../evil", "x"))).toContain("outside of the archive's root");
    expect(await refused(file("a/../../evil", "x"))).toContain("outside of the archive's root");
    expect(await refused(hardlink("link", "../../etc/passwd"))).toMatch(/outside of the archive's root|invalid hardlink/);
    expect(await refused(hardlink("link", "nothing"))).toContain("invalid hardlink");
    expect(await refused(symlink("d", "/"), file("d/tmp/through-a-link", "x"))).toBe("");
    expect(existsSync("/tmp/through-a-link")).toBe(false);
    // A device that nobody may make is left out, as layers have it.
    expect((await build("FROM busybox\nCOPY . /x\nRUN ls /x | wc -l\n", [device("null", 1, 3)])).error).toBe("");
    const context = tarOf(file("Dockerfile", "FROM busybox\n"));
    const cut = async (bytes: Buffer): Promise<string> => {
      let error = "";
      for await (const message of await engine.client.buildImage(Readable.from([bytes]), { version: "2" })) error += message.error ?? "";
      return error;
    };
    expect(await cut(context.subarray(0, 520))).toContain("unexpected EOF");
    expect(await cut(Buffer.alloc(2048, "x"))).toContain("archive/tar: invalid tar header");
    const bomb = encodeTarHeader(tarHeader({ name: "bomb", size: 80 * 2 ** 30 }));
    expect(await cut(Buffer.concat([bomb, Buffer.alloc(4096)]))).toMatch(/more than \d+ bytes/);
    expect(await cut(Buffer.alloc(0))).toContain("Dockerfile");
    expect(await cut(tarOf(file("Dockerfile", "x".repeat(3 << 20))))).toContain("larger than");
    expect(await cut(tarOf(symlink("Dockerfile", "/etc/passwd")))).toContain("Cannot locate specified Dockerfile");
    expect(await cut(tarOf(symlink("Dockerfile", "Dockerfile")))).toContain("too many levels of symbolic links");
    expect(await leftOvers()).toEqual([]);
  });

  test("keeps a cache that is counted, and pruned on its own", async () => {
    await engine.client.pruneBuildCache({ all: true });
    const layersNow = async (): Promise<readonly string[]> => (await readdir(join(engine.root, "snapshots/layers"))).toSorted();
    const layers = await layersNow();
    await build("FROM busybox\nRUN echo 12345 > /x\n", [], { t: "counted" });
    const [record, ...more] = (await engine.client.diskUsage())["BuildCache"] as readonly Record<string, unknown>[];
    expect(more).toEqual([]);
    expect(record).toMatchObject({ Type: "regular", Size: 6, Shared: true, InUse: false, UsageCount: 0 });
    expect(await engine.client.pruneBuildCache({})).toEqual({ CachesDeleted: null, SpaceReclaimed: 0 });
    await engine.client.removeImage("counted");
    expect(await engine.client.pruneBuildCache({})).toEqual({ CachesDeleted: [record?.["ID"]], SpaceReclaimed: 6 });
    expect(await layersNow()).toEqual(layers);
  });

  test("adds what an address has, by its checksum", async () => {
    const serve = `mkdir -p /srv; echo served > /srv/file; httpd -f -p 80 -h /srv`;
    const { Id } = await engine.client.createContainer({ Image: "busybox", Cmd: ["sh", "-c", serve] });
    await engine.client.startContainer(Id);
    const { NetworkSettings } = await engine.client.inspectContainer(Id);
    const address = `http://${NetworkSettings.IPAddress}`;
    const sha = createHash("sha256").update("served\n").digest("hex");
    await expect.poll(async () => (await build(`FROM busybox\nADD ${address}/file /\n`)).error).toBe("");
    const good = await build(`FROM busybox\nADD --checksum=sha256:${sha} ${address}/file /d/\nRUN cat /d/file; stat -c %a /d/file\n`);
    expect(good.log).toBe("served\n600\n");
    const bad = await build(`FROM busybox\nADD --checksum=sha256:${"0".repeat(64)} ${address}/file /\n`);
    expect(bad.error).toBe(`digest mismatch sha256:${sha}: sha256:${"0".repeat(64)}`);
    expect((await build(`FROM busybox\nADD ${address}/none /\n`)).error).toContain("404");
    expect((await build(`FROM busybox\nADD http://127.0.0.1:1/x /\n`)).error).toContain("failed to load http://127.0.0.1:1/x");
    await engine.client.removeContainer(Id, { force: true });
  });
});

describe.skipIf(!isBuilt || !hasNamespaces)(
  "an engine that is killed in the middle of a build (needs a build, and user namespaces)",
  () => {
    test("has nothing of it when its root opens again, and builds it then", async () => {
      await using first = await startTestEngine();
      const text = (wait: string): string =>
        `FROM busybox AS a\nRUN echo kept > /a\nRUN echo ready${wait}\nFROM busybox\nRUN --mount=type=cache,target=/c true${wait}\nCOPY --from=a /a /\n`;
      const contextOf = (dockerfile: string): Readable => Readable.from([tarOf(file("Dockerfile", dockerfile))]);
      const reading = (async () => {
        for await (const { aux, id } of await first.client.buildImage(contextOf(text("; sleep 1000")), { version: "2" })) {
          if (id !== traceId) continue;
          const { logs } = decodeTrace(Buffer.from(aux as string, "base64"));
          if (logs.some(({ data }) => data.toString().includes("ready"))) process.kill(first.handle.pid, "SIGKILL");
        }
      })();
      await expect(reading).rejects.toBeInstanceOf(Error);
      await first.handle.exited;
      const second = await startEngine({ root: first.root, store: defaultStore() });
      try {
        const client = new UnixClient(`unix://${second.socket}`);
        expect(await client.listContainers({ all: true })).toEqual([]);
        for (const folder of ["snapshots/active", "snapshots/unpacking", "containers", "builds"]) {
          expect([folder, await readdir(join(first.root, folder)).catch(() => [])]).toEqual([folder, []]);
        }
        // What was whole is in the cache.
        expect((await client.diskUsage())["BuildCache"]).toContainEqual(expect.objectContaining({ Type: "regular", Size: 5 }));
        let error = "";
        for await (const message of await client.buildImage(contextOf(text("")), { version: "2", t: "again" }))
          error += message.error ?? "";
        expect(error).toBe("");
      } finally {
        await second.stop();
      }
    });
  },
);
