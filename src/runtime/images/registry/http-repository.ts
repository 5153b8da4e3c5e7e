import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { InternalError, InvalidArgumentError, NotFoundError, UnauthorizedError } from "../../../base/errors.ts";
import { digestOf, type Digest } from "../../../oci/digest.ts";
import type { Descriptor } from "../../../oci/manifest.ts";
import type { Platform } from "../../../oci/platform.ts";
import { familiarName, familiarString, type Reference } from "../../../oci/reference.ts";
import type { RemoteImage, Repository, TransferWatch } from "../registry-client.ts";
import { Authorizer } from "./authorizer.ts";
import { Backoff } from "./backoff.ts";
import { parsePlatform } from "../../../oci/parse-platform.ts";
import { choosePlatform } from "./choose-platform.ts";
import { downloadBlob } from "./download-blob.ts";
import { discard, failureText, readBody, type HttpAnswer } from "./http.ts";
import { acceptedManifests, parseConfigPlatform, parseManifest } from "./parse-manifest.ts";
import { RefusedError } from "./refused-error.ts";
import { RegistryError, registryError } from "./registry-error.ts";
import { blobUrl, manifestUrl, tagsUrl, uploadUrl } from "./registry-url.ts";

/** The distribution specification bids registries to take no larger ones. */
const manifestLimit = 4 << 20;

/** Pages of tags that are read. */
const tagPageLimit = 100;

/** One repository over HTTP. */
export class HttpRepository implements Repository {
  readonly #reference: Reference;
  readonly #authorizer: Authorizer;
  readonly #signal: AbortSignal;

  constructor(reference: Reference, authorizer: Authorizer, signal: AbortSignal) {
    this.#reference = reference;
    this.#authorizer = authorizer;
    this.#signal = signal;
  }

  async manifest(platform: string): Promise<RemoteImage> {
    const wanted = parsePlatform(platform);
    const top = await this.#document(this.#reference.digest ?? null);
    if (top.document.kind === "image") return remoteImage(top.digest, top);
    const chosen = choosePlatform(top.document.index, wanted);
    const image = await this.#document(chosen.digest);
    return remoteImage(top.digest, image);
  }

  async describe(): Promise<{ descriptor: Descriptor; platforms: readonly Platform[] }> {
    const { digest, bytes, document } = await this.#document(this.#reference.digest ?? null, plainError);
    const descriptor = { mediaType: document.mediaType, digest, size: bytes.length };
    if (document.kind === "image") return { descriptor, platforms: [await this.#platformOf(document.manifest.config)] };
    return { descriptor, platforms: document.index.manifests.flatMap(({ platform }) => platform ?? []) };
  }

  /** As its configuration says. */
  async #platformOf(config: Descriptor): Promise<Platform> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.blob(config) as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (digestOf(bytes) !== config.digest) throw new InvalidArgumentError(`config verification failed for digest ${config.digest}`);
    return parseConfigPlatform(bytes);
  }

  async tags(): Promise<readonly string[]> {
    const tags: string[] = [];
    let url: URL | null = tagsUrl(await this.#authorizer.origin(), this.#reference);
    for (let page = 0; url && page < tagPageLimit; page++) {
      const answer: HttpAnswer = await this.#authorizer.send({ method: "GET", url }, [this.#scope("pull")]);
      if (answer.status !== 200) throw pullError(await registryError(answer), answer, this.#reference);
      tags.push(...tagsOf(await readBody(answer, manifestLimit)));
      const next: string | undefined = /<([^>]+)>;\s*rel="?next"?/.exec(String(answer.headers["link"] ?? ""))?.[1];
      url = next !== undefined && URL.canParse(next, url.href) ? new URL(next, url) : null;
    }
    return tags;
  }

  blob(descriptor: Descriptor, watch: TransferWatch = {}): Readable {
    const fetch = async (headers: Readonly<Record<string, string>>): Promise<HttpAnswer> => {
      const url = blobUrl(await this.#authorizer.origin(), this.#reference, descriptor.digest);
      return await this.#authorizer.send({ method: "GET", url, headers }, [this.#scope("pull")]);
    };
    return Readable.from(downloadBlob(fetch, descriptor, this.#signal, watch), { objectMode: false, highWaterMark: 256 << 10 });
  }

  async hasBlob(digest: Digest): Promise<number | null> {
    const url = blobUrl(await this.#authorizer.origin(), this.#reference, digest);
    const answer = await this.#authorizer.send({ method: "HEAD", url }, [this.#scope("pull,push")]);
    discard(answer);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw await registryError(answer);
    return Number(answer.headers["content-length"] ?? 0);
  }

  async mount(digest: Digest, from: string): Promise<boolean> {
    const scopes = [this.#scope("pull,push"), `repository:${from}:pull`];
    const url = uploadUrl(await this.#authorizer.origin(), this.#reference, { digest, from });
    const answer = await this.#authorizer.send({ method: "POST", url }, scopes);
    discard(answer);
    // 202 begins an upload, which the registry forgets in time.
    return answer.status === 201;
  }

  async upload(open: () => Promise<Readable>, { onBytes, onRetry }: TransferWatch = {}): Promise<{ digest: Digest; size: number }> {
    const backoff = new Backoff(this.#signal);
    for (;;) {
      try {
        return await this.#uploadOnce(await open(), onBytes);
      } catch (error) {
        await backoff.wait(error, onRetry);
      }
    }
  }

  async putManifest(bytes: Buffer, mediaType: string): Promise<Digest> {
    const request = {
      method: "PUT",
      url: manifestUrl(await this.#authorizer.origin(), this.#reference),
      headers: { "content-type": mediaType },
      body: () => bytes,
    } as const;
    const answer = await this.#authorizer.send(request, [this.#scope("pull,push")]);
    if (answer.status !== 201) throw await registryError(answer);
    discard(answer);
    return digestOf(bytes);
  }

  async #uploadOnce(source: Readable, onBytes: TransferWatch["onBytes"]): Promise<{ digest: Digest; size: number }> {
    const scopes = [this.#scope("pull,push")];
    try {
      const start = uploadUrl(await this.#authorizer.origin(), this.#reference);
      const begun = await this.#authorizer.send({ method: "POST", url: start }, scopes);
      if (begun.status !== 202) throw await registryError(begun);
      discard(begun);
      const hash = createHash("sha256");
      let size = 0;
      const counted = async function* (): AsyncGenerator<Buffer> {
        for await (const chunk of source as AsyncIterable<Buffer>) {
          hash.update(chunk);
          size += chunk.length;
          onBytes?.(size);
          yield chunk;
        }
      };
      const headers = { "content-type": "application/octet-stream" };
      const body = (): Readable => Readable.from(counted(), { objectMode: false });
      const sent = await this.#authorizer.send({ method: "PATCH", url: nextPlace(begun), headers, body }, scopes);
      if (sent.status !== 202) throw await registryError(sent);
      discard(sent);
      const digest = `sha256:${hash.digest("hex")}` as Digest;
      const end = nextPlace(sent);
      end.searchParams.set("digest", digest);
      const done = await this.#authorizer.send({ method: "PUT", url: end, headers: { "content-length": "0" } }, scopes);
      if (done.status !== 201) throw await registryError(done);
      discard(done);
      return { digest, size };
    } finally {
      source.destroy();
    }
  }

  /** The document under a digest, or under the reference's tag. */
  async #document(digest: Digest | null, wordError = pullError): Promise<Document> {
    const url = manifestUrl(await this.#authorizer.origin(), this.#reference, digest ?? undefined);
    const answer = await this.#authorizer
      .send({ method: "GET", url, headers: { accept: acceptedManifests } }, [this.#scope("pull")])
      .catch((error: unknown) => {
        // Docker asks with HEAD first, and its words say so.
        if (error instanceof InternalError && error.message.endsWith("no basic auth credentials")) {
          throw new RefusedError(failureText({ method: "HEAD", url }, "no basic auth credentials"));
        }
        throw error;
      });
    if (answer.status !== 200) throw wordError(await registryError(answer), answer, this.#reference);
    const bytes = await readBody(answer, manifestLimit);
    const actual = digestOf(bytes);
    if (digest !== null && actual !== digest) throw new InvalidArgumentError(`manifest verification failed for digest ${digest}`);
    const document = parseManifest(bytes, answer.headers["content-type"] ?? "");
    return { digest: actual, bytes, document };
  }

  #scope(actions: string): string {
    return `repository:${this.#reference.path}:${actions}`;
  }
}

function tagsOf(body: Buffer): readonly string[] {
  try {
    const { tags } = JSON.parse(body.toString()) as { readonly tags?: unknown };
    return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === "string" && /^\w[\w.-]{0,127}$/.test(tag)) : [];
  } catch (error) {
    throw new InternalError("the registry's list of tags is no JSON", { cause: error });
  }
}

interface Document {
  readonly digest: Digest;
  readonly bytes: Buffer;
  readonly document: ReturnType<typeof parseManifest>;
}

function remoteImage(digest: Digest, { digest: own, bytes, document }: Document): RemoteImage {
  if (document.kind !== "image") throw new InvalidArgumentError("an index of indexes is not supported");
  return { digest, descriptor: { mediaType: document.mediaType, digest: own, size: bytes.length }, manifest: document.manifest, bytes };
}

/** Where the registry wants the upload to go on. */
function nextPlace({ headers, url }: HttpAnswer): URL {
  const location = headers.location ?? "";
  if (location === "" || !URL.canParse(location, url.href)) throw new RefusedError("the registry names no place for the upload");
  const next = new URL(location, url);
  if (url.protocol === "https:" && next.protocol !== "https:") throw new RefusedError("refusing to upload without TLS");
  return next;
}

/** The registry's own words, where no image is pulled. */
function plainError(error: RegistryError, { status }: HttpAnswer): Error {
  if (status === 401) return new UnauthorizedError(error.message);
  return status === 404 ? new NotFoundError(error.message) : error;
}

/** dockerd's `TranslatePullError`. */
function pullError(error: RegistryError, { status }: HttpAnswer, reference: Reference): Error {
  if (error.reason === "DENIED") {
    const advice = `pull access denied for ${familiarName(reference)}, repository does not exist or may require 'docker login'`;
    return new NotFoundError(`${advice}: ${error.message}`);
  }
  if (error.reason === "MANIFEST_UNKNOWN")
    return new NotFoundError(`manifest for ${familiarString(reference)} not found: ${error.message}`);
  if (error.reason === "NAME_UNKNOWN") return new NotFoundError(`repository ${familiarName(reference)} not found: ${error.message}`);
  return status === 404 ? new NotFoundError(error.message) : error;
}
