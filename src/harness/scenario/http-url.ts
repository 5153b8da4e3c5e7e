import { InvalidArgumentError } from "../../base/errors.ts";

/** @throws InvalidArgumentError for what is no `http://` address. */
export function parseHttpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.host === ""))
    throw new InvalidArgumentError(`${JSON.stringify(text)} is no address such as http://localhost:8080/`);
  if (url.protocol !== "http:") throw new InvalidArgumentError(`only http is spoken, not ${url.protocol.replace(":", "")}`);
  return url;
}
