import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askApi, jsonValues } from "../../support/api/raw-api.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { dockerArchive } from "../../support/image-world.ts";
import { file, tarOf, type TarItem } from "../../support/tar-of.ts";

const tooLarge = "archive is too large: it unpacks to more than 20 times its compressed size";
/** gzip makes a hundredth of text that says the same again and again. */
const dull = file("dull", "all work and no play ".repeat(200_000));

describe.skipIf(!isBuilt || !hasNamespaces)("compressed uploads (needs a build, and user namespaces)", () => {
  let engine: TestEngine;

  beforeAll(async () => {
    process.env["SLIPWAY_UNPACK_LIMITS"] = "ratio=20,ratioFrom=1000000";
    engine = await startTestEngine();
    delete process.env["SLIPWAY_UNPACK_LIMITS"];
    await engine.client.createContainer({ Image: "busybox" }, { name: "box" });
  });
  afterAll(async () => await engine?.[Symbol.asyncDispose]());

  /** Sends a body; gives what the engine complains of, or the empty text. */
  async function send(method: string, path: string, body: Buffer): Promise<string> {
    // The header is what some clients say of a compressed tar; dockerd goes by the bytes.
    const answer = await askApi(engine.socket, method, path, { body, headers: { "content-encoding": "gzip" } });
    const values = jsonValues(answer) as readonly { readonly error?: string; readonly message?: string }[];
    return values.map(({ error, message }) => error ?? message ?? "").join("");
  }

  test.each([
    ["an import", "POST", "/images/create?fromSrc=-&repo=up", (item: TarItem) => tarOf(item)],
    ["a load", "POST", "/images/load", (item: TarItem) => dockerArchive("up:latest", [[item]])],
    ["a copy into a container", "PUT", "/containers/box/archive?path=/tmp", (item: TarItem) => tarOf(item)],
    ["a build", "POST", "/build?t=up", (item: TarItem) => tarOf(file("Dockerfile", "FROM scratch\nCOPY . /\n"), item)],
  ])("%s may not become many times what was sent, and goes on for what may", async (_what, method, path, withItem) => {
    expect(await send(method, path, gzipSync(withItem(dull)))).toContain(tooLarge);
    const { client } = engine;
    expect((await client.listImages({ all: true })).flatMap(({ RepoTags }) => RepoTags)).toEqual(["busybox:latest"]);
    // What is large without having been compressed is what was sent.
    for (const fine of [withItem(dull), gzipSync(withItem(file("small", "s")))]) expect(await send(method, path, fine)).toBe("");
    for (const { Id } of await client.listImages({ filters: { reference: ["up"] } })) await client.removeImage(Id, { force: true });
    for (const { Id } of await client.listImages({ filters: { dangling: ["true"] } })) await client.removeImage(Id, { force: true });
  });
});
