import { get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import type { Readable } from "node:stream";
import { InvalidArgumentError, messageOf, UnavailableError } from "../../base/errors.ts";

const MAX_REDIRECTS = 10;
const MAX_REFUSAL = 2000;

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
      const body = await beginningOf(response);
      throw new UnavailableError(`failed to GET ${url.href} with status ${status} ${response.statusMessage ?? ""}: ${body}`);
    } else return response;
  }
  throw new UnavailableError(`Get ${JSON.stringify(address)}: stopped after ${MAX_REDIRECTS} redirects`);
}

/** What a server says of its refusal, for people. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      text += String(chunk);
      if (text.length > MAX_REFUSAL) break;
    }
  } catch {
    // The status is said without it.
  }
  return text.slice(0, MAX_REFUSAL).trim();
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
