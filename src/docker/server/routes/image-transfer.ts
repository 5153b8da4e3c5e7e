import type { Readable } from "node:stream";
import { InvalidArgumentError } from "../../../base/errors.ts";
import type { ImageBackend, RegistryAuth } from "../../api/engine.ts";
import { download } from "../download.ts";
import type { Exchange } from "../exchange.ts";
import type { Shape } from "../check-shape.ts";
import { get, post, type Route } from "../router.ts";

const authShape: Shape = {
  username: "string",
  password: "string",
  serveraddress: "string",
  identitytoken: "string",
  registrytoken: "string",
};

/** Images in and out: login, pull, push, import, save, load. */
export function imageTransferRoutes(backend: ImageBackend): readonly Route[] {
  return [
    post("/auth", async (exchange) => {
      const { serveraddress = "", ...auth } = await exchange.readJson<RegistryAuth & { serveraddress?: string }>("AuthConfig", authShape);
      exchange.sendJson(200, await backend.login({ address: serveraddress, auth }));
    }),
    post("/images/create", (exchange) =>
      exchange.query.text("fromImage") === "" ? importTar(backend, exchange) : pull(backend, exchange),
    ),
    post("/images/load", async (exchange) => {
      const options = { quiet: exchange.query.flag("quiet", true) };
      await exchange.sendMessages(backend.loadImages(exchange.tar(), options));
    }),
    post("/images/{name:any}/push", async (exchange) => {
      const { query } = exchange;
      const platform = platformOf(query.text("platform"));
      const options = {
        image: exchange.parameter("name"),
        tag: query.text("tag"),
        platform,
        auth: authOf(exchange),
        signal: exchange.signal,
      };
      await exchange.sendMessages(backend.pushImage(options));
    }),
    get("/distribution/{name:any}/json", async (exchange) => {
      exchange.sendJson(200, await backend.inspectDistribution({ name: exchange.parameter("name"), auth: authOf(exchange) }));
    }),
    get("/images/get", async (exchange) => exchange.sendTar(await backend.saveImages(exchange.query.list("names")))),
    get("/images/{name:any}/get", async (exchange) => exchange.sendTar(await backend.saveImages([exchange.parameter("name")]))),
  ];
}

function pull(backend: ImageBackend, exchange: Exchange): Promise<void> {
  const { query } = exchange;
  return exchange.sendMessages(
    backend.pullImage({
      image: query.text("fromImage"),
      tag: query.text("tag"),
      platform: query.text("platform"),
      auth: authOf(exchange),
      signal: exchange.signal,
    }),
  );
}

async function importTar(backend: ImageBackend, exchange: Exchange): Promise<void> {
  const { query } = exchange;
  const from = query.text("fromSrc");
  if (from === "") throw new InvalidArgumentError("one of fromImage and fromSrc is needed");
  const source: Readable = from === "-" ? exchange.tar() : await download(from, exchange.signal);
  await exchange.sendMessages(
    backend.importImage({
      source,
      repo: query.text("repo"),
      tag: query.text("tag"),
      message: query.text("message") || `Imported from ${from}`,
      changes: query.list("changes"),
      platform: query.text("platform"),
    }),
  );
}

/** The `platform` of a push, an object of image-spec's as JSON, as `linux/arm64/v8`; empty for none. */
function platformOf(text: string): string {
  if (text === "") return "";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError("failed to parse platform", { cause: error });
  }
  const { os, architecture, variant } = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  if (typeof os !== "string" || typeof architecture !== "string" || os === "" || architecture === "") {
    throw new InvalidArgumentError("both OS and Architecture must be provided");
  }
  return [os, architecture, ...(typeof variant === "string" && variant !== "" ? [variant] : [])].join("/");
}

/** `X-Registry-Auth`: base64 (either alphabet) of JSON. What cannot be read counts as no credentials, as in dockerd. */
function authOf(exchange: Exchange): RegistryAuth | null {
  const text = exchange.header("x-registry-auth");
  if (text === "") return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64").toString());
    return typeof value === "object" && value !== null && Object.keys(value).length > 0 ? value : null;
  } catch {
    return null;
  }
}
