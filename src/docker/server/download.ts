import { get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import type { Readable } from "node:stream";
import { InvalidArgumentError, messageOf, UnavailableError } from "../../base/errors.ts";
import { decompressed } from "./request-body.ts";

const MAX_REDIRECTS = 10;

/**
 * Reads a URL (`docker import http://…`); a bare host counts as http, and redirects are followed.
 * @throws InvalidArgumentError for what is no URL, UnavailableError when it cannot be read.
 */
export async function download(address: string, signal: AbortSignal): Promise<Readable> {
  let url = urlOf(address);
  for (let hop = 0; hop < MAX_REDIRECTS; hop++) {
    const response = await open(url, signal);
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400 && response.headers.location !== undefined) {
      response.resume();
      url = new URL(response.headers.location, url);
    } else if (status >= 400) {
      response.resume();
      throw new UnavailableError(`Got HTTP status code >= 400: ${status} ${response.statusMessage ?? ""}`.trim());
    } else return decompressed(response);
  }
  throw new UnavailableError(`Get ${JSON.stringify(address)}: stopped after ${MAX_REDIRECTS} redirects`);
}

function urlOf(address: string): URL {
  try {
    return new URL(/^https?:\/\//.test(address) ? address : `http://${address}`);
  } catch (cause) {
    throw new InvalidArgumentError(`invalid URL ${JSON.stringify(address)}`, { cause });
  }
}

function open(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? httpsGet : httpGet)(url, { signal }, resolve);
    request.on("error", (cause) => reject(new UnavailableError(`Get ${JSON.stringify(url.href)}: ${messageOf(cause)}`, { cause })));
  });
}
