import {
  ConflictError,
  ForbiddenError,
  hasErrno,
  InternalError,
  InvalidArgumentError,
  messageOf,
  NotFoundError,
  NotImplementedError,
  UnauthorizedError,
  UnavailableError,
  type SlipwayError,
} from "../../base/errors.ts";
import type { DockerHost } from "./docker-host.ts";

type ErrorClass = new (message: string, options?: ErrorOptions) => SlipwayError;

const BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  400: InvalidArgumentError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  405: NotImplementedError,
  409: ConflictError,
  501: NotImplementedError,
  503: UnavailableError,
};

/** The error that a daemon's answer of `status` stands for; its message is the daemon's own. */
export function errorFromResponse(status: number, body: string): SlipwayError {
  return new (classOf(status))(messageFrom(body) || `request returned HTTP status ${status}`);
}

/** The error that an answer stands for which should have been the switch to another protocol. */
export function errorFromRefusedUpgrade(status: number, body: string, protocol: string): SlipwayError {
  const cause = errorFromResponse(status, body);
  return new (classOf(status))(`unable to upgrade to ${protocol}, received ${status}`, { cause });
}

function classOf(status: number): ErrorClass {
  return BY_STATUS[status] ?? (status < 500 ? InvalidArgumentError : InternalError);
}

/** The error that a failed connection stands for, in docker's words. */
export function errorFromConnection(cause: unknown, host: DockerHost): Error {
  if (["ENOENT", "ECONNREFUSED", "ENOTSOCK", "ENOTDIR"].some((code) => hasErrno(cause, code))) {
    return new UnavailableError(`Cannot connect to the Docker daemon at ${host.text}. Is the docker daemon running?`, { cause });
  }
  if (hasErrno(cause, "EACCES") || hasErrno(cause, "EPERM")) {
    return new ForbiddenError(`permission denied while trying to connect to the Docker daemon socket at ${host.text}`, { cause });
  }
  if (cause instanceof Error && cause.name === "AbortError") return cause;
  return new UnavailableError(`error during connect: ${messageOf(cause)}`, { cause });
}

function messageFrom(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && "message" in value && typeof value.message === "string") return value.message;
  } catch {
    // Not every proxy and daemon answers in JSON; their text is the best message there is.
  }
  return body.trim();
}
