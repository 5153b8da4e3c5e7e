import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeTrace, traceId } from "../../src/docker/api/build-trace.ts";
import { UnixClient } from "../../src/docker/client/unix-client.ts";
import { startDockerd, whyNoDockerd, type Dockerd } from "../support/dockerd.ts";
import { baseImageTar, startTestEngine, type TestEngine } from "../support/engine.ts";
import { file, tarOf } from "../support/tar-of.ts";

const skip = whyNoDockerd();

const dockerfile = `FROM busybox AS unused
RUN exit 1
FROM busybox
RUN echo x > /x
ENV A=b C="d e"
ENV OLD style $A
LABEL x=y
USER 1:2
WORKDIR /app
WORKDIR sub
USER 0
EXPOSE 80 53/udp
VOLUME /v /v2
CMD ["sh","-c","x"]
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --retries=3 CMD true
ARG Q=1
ARG R
RUN stat -c "%u %n" /app /app/sub; echo $Q; ls -A /v 2>&1 || true
SHELL ["/bin/sh","-ec"]
ONBUILD RUN echo ob
MAINTAINER me
ENTRYPOINT ["/bin/sh"]
COPY f ./
ADD f g /d/
RUN rm f; mkdir -p /v/d; ls /d /v
`;

/** What a build by BuildKit's graph says and makes. */
async function build(client: UnixClient): Promise<Readonly<Record<string, unknown>>> {
  const context = Readable.from([tarOf(file("Dockerfile", dockerfile), file("f", "f\n"), file("g", "g\n"))]);
  const steps = new Set<string>();
  let [log, error]: [string, string] = ["", ""];
  for await (const message of await client.buildImage(context, { version: "2", t: "graph", nocache: true, networkmode: "none" })) {
    error += message.error ?? "";
    if (message.id !== traceId) continue;
    const { vertices, logs } = decodeTrace(Buffer.from(message.aux as string, "base64"));
    for (const { name } of vertices) if (/^\[(?!internal)/.test(name) && !name.includes("FROM")) steps.add(name);
    for (const { data } of logs) log += data.toString();
  }
  const { Config, Author } = await client.inspectImage("graph");
  const history = await client.imageHistory("graph");
  const { Env, Cmd, Entrypoint, User, WorkingDir, Labels, ExposedPorts, Volumes, StopSignal, Healthcheck, OnBuild, Shell } = Config;
  return {
    error,
    log,
    steps: [...steps],
    history: history.filter(({ Comment }) => Comment === "buildkit.dockerfile.v0").map(({ CreatedBy, Size }) => [CreatedBy, Size]),
    config: { Env, Cmd, Entrypoint, User, WorkingDir, Labels, ExposedPorts, Volumes, StopSignal, Healthcheck, OnBuild, Shell, Author },
  };
}

describe.skipIf(skip !== null)(`builds by BuildKit${skip === null ? "" : ` (skipped: ${skip})`}`, () => {
  let dockerd: Dockerd;
  let ours: TestEngine;

  beforeAll(async () => {
    [dockerd, ours] = await Promise.all([startDockerd(), startTestEngine()]);
  });

  afterAll(async () => {
    await ours?.[Symbol.asyncDispose]();
    await dockerd?.stop();
  });

  test("steps, output, history and configuration are those of dockerd, by our client on both", async () => {
    const real = new UnixClient(`unix://${dockerd.socket}`);
    for await (const { error } of await real.loadImages(createReadStream(await baseImageTar()), { quiet: true }))
      expect(error).toBeUndefined();
    const expected = await build(real);
    expect(expected["error"]).toBe("");
    expect(await build(ours.client)).toEqual(expected);
  });
});
