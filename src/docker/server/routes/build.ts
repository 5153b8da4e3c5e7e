import { Readable } from "node:stream";
import { InvalidArgumentError, NotImplementedError } from "../../../base/errors.ts";
import { sessionHeaders } from "../../api/build-session.ts";
import type { ImageBackend } from "../../api/engine.ts";
import { compressionOf } from "../../../oci/tar/decompress.ts";
import { tarHeader, tarPadding } from "../../../oci/tar/tar-header.ts";
import { encodeTarHeader, tarEnd } from "../../../oci/tar/write-tar.ts";
import { BuildSessions } from "../build-sessions.ts";
import { download } from "../download.ts";
import { limitsOf, refuseUnknownWishes } from "./build-limits.ts";
import type { Exchange } from "../exchange.ts";
import { peek } from "../request-body.ts";
import { post, type Route } from "../router.ts";

const dockerfileLimit = 2 << 20;

/** `docker build` by the classic builder. */
export function buildRoutes(backend: ImageBackend): readonly Route[] {
  const sessions = new BuildSessions();
  return [
    post("/build", (exchange) => build(backend, exchange, sessions)),
    post("/session", async (exchange) => {
      const id = exchange.header(sessionHeaders.uuid);
      if (!/^[\w-]{1,128}$/.test(id)) throw new InvalidArgumentError(`invalid session id ${JSON.stringify(id)}`);
      if (exchange.header("upgrade") !== "h2c") throw new InvalidArgumentError("session proto not supported; ask for h2c");
      const methods = exchange.header(sessionHeaders.method).split(/,\s*/);
      sessions.add(id, methods, (await exchange.takeOver()).socket);
    }),
    post("/build/prune", async (exchange) => {
      const { query } = exchange;
      const keep = query.text("keep-storage") || query.text("max-used-space") || "0";
      const options = { all: query.flag("all"), filters: query.filters(), keep: Number(keep) || 0 };
      exchange.sendJson(200, await backend.pruneBuildCache(options));
    }),
  ];
}

async function build(backend: ImageBackend, exchange: Exchange, sessions: BuildSessions): Promise<void> {
  const { query, signal } = exchange;
  const session = query.text("session");
  refuseUnknownWishes(query);
  const output = outputOf(query.text("output"));
  if (output === "tar" && query.text("version") !== "2") throw new InvalidArgumentError("an output other than an image requires BuildKit");
  const context = query.text("remote") === "" ? exchange.tarApart() : await remoteContext(exchange, query.text("remote"));
  await exchange.sendMessages(
    backend.buildImage(
      {
        builder: query.text("version") === "2" ? "graph" : "classic",
        context,
        dockerfile: query.text("dockerfile") || "Dockerfile",
        tags: query.list("t"),
        buildArgs: query.map("buildargs"),
        labels: stringsOf(query.map("labels")),
        target: query.text("target"),
        noCache: query.flag("nocache"),
        pull: query.flag("pull"),
        quiet: query.flag("q"),
        networkMode: query.text("networkmode"),
        platform: query.text("platform"),
        hostConfig: limitsOf(query),
        noCacheFilter: query.list("nocachefilter"),
        removes: query.flag("forcerm") ? "always" : query.text("rm") === "0" || query.text("rm") === "false" ? "never" : "after-success",
        output,
        secret: async (id) => (session === "" ? null : await sessions.secret(session, id)),
      },
      signal,
    ),
  );
}

/** What an address gives: a tar, or a Dockerfile that needs no context. */
async function remoteContext({ request, signal }: Exchange, address: string): Promise<Readable> {
  request.resume();
  if (address === "client-session")
    throw new NotImplementedError("a context that the engine fetches from its client is not supported; send a tar");
  if (/^git|\.git(?:#.*)?$/.test(address)) throw new NotImplementedError("building from a Git repository is not supported by this engine");
  const content = await download(address, signal);
  const start = await peek(content);
  if (start !== null && start.subarray(257, 262).toString() === "ustar") return content;
  if (start !== null && compressionOf(start) !== "none") return content;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > dockerfileLimit) throw new InvalidArgumentError(`the Dockerfile at ${address} is larger than ${dockerfileLimit} bytes`);
    chunks.push(chunk);
  }
  const header = encodeTarHeader(tarHeader({ name: "Dockerfile", size }));
  return Readable.from([header, ...chunks, Buffer.alloc(tarPadding(size)), tarEnd], { objectMode: false });
}

/** Docker's own `outputs` has a session to write to; ours answers on the same stream. */
function outputOf(text: string): "image" | "tar" {
  if (text === "" || text === "image" || text === "tar") return text === "tar" ? "tar" : "image";
  throw new InvalidArgumentError(`unsupported output ${JSON.stringify(text)}`);
}

function stringsOf(map: Readonly<Record<string, string | null>>): Record<string, string> {
  for (const [key, value] of Object.entries(map)) {
    if (typeof value !== "string") throw new InvalidArgumentError(`invalid label ${JSON.stringify(key)}: its value is no string`);
  }
  return map as Record<string, string>;
}
