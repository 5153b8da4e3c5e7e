import { InvalidArgumentError } from "../base/errors.ts";
import { parseDigest, type Digest } from "./digest.ts";

/** A parsed image name: `docker.io/library/busybox:latest` is domain, path and tag. */
export interface Reference {
  /** `docker.io`, or `host[:port]`. */
  readonly domain: string;
  /** `library/busybox`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const pathPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;

/**
 * Parses an image name as Docker does (distribution/reference `ParseNormalizedNamed`): a first component with a dot, a colon or
 * `localhost` is a registry, else `docker.io`, where a bare name is below `library/`. No tag is added.
 * @throws InvalidArgumentError with Docker's `invalid reference format`.
 */
export function parseReference(text: string): Reference {
  const invalid = (why = ""): InvalidArgumentError => new InvalidArgumentError(`invalid reference format${why}`);
  if (/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  let rest = text;
  let digest: Digest | undefined;
  const at = rest.indexOf("@");
  if (at >= 0) {
    try {
      digest = parseDigest(rest.slice(at + 1));
    } catch {
      throw invalid();
    }
    rest = rest.slice(0, at);
  }
  const slash = rest.indexOf("/");
  const first = slash < 0 ? "" : rest.slice(0, slash);
  const hasDomain = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const domain = hasDomain ? first : "docker.io";
  if (hasDomain) rest = rest.slice(slash + 1);
  let tag: string | undefined;
  const colon = rest.lastIndexOf(":");
  if (colon >= 0) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
    if (!tagPattern.test(tag)) throw invalid();
  }
  if (!/^(?:[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*|\[[0-9a-fA-F:]+\])(?::\d+)?$/.test(domain)) throw invalid();
  const path = domain === "docker.io" && !rest.includes("/") ? `library/${rest}` : rest;
  if (/[A-Z]/.test(rest)) throw invalid(`: repository name (${path}) must be lowercase`);
  if (!pathPattern.test(rest)) throw invalid();
  if (`${domain}/${path}`.length > 255) throw new InvalidArgumentError("repository name must not be more than 255 characters");
  return {
    domain: domain === "index.docker.io" ? "docker.io" : domain,
    path,
    ...(tag !== undefined && { tag }),
    ...(digest && { digest }),
  };
}

/** The reference with `:latest` when it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: "latest" } : reference;
}

/** The repository as people write it: `busybox`, `user/app`, `localhost:5000/app`. */
export function familiarName({ domain, path }: Reference): string {
  if (domain !== "docker.io") return `${domain}/${path}`;
  const official = /^library\/([^/]+)$/.exec(path)?.[1];
  return official ?? path;
}

/** The whole reference as people write it: `busybox:latest`. */
export function familiarString(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return familiarName(reference) + tag + digest;
}

/** The whole reference with its registry, as stores keep it: `docker.io/library/busybox:latest`. */
export function canonicalString(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${reference.domain}/${reference.path}${tag}${digest}`;
}
