/** What a caller can do about an error; one table turns it into an HTTP status, another into an exit code. */
export type ErrorCode =
  | "invalid_argument"
  | "not_found"
  | "conflict"
  | "not_modified"
  | "forbidden"
  | "unauthorized"
  | "not_implemented"
  | "unavailable"
  | "internal";

/** An error whose class says what the caller should do; `message` is for people, and Docker's words where clients match on them. */
export class SlipwayError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** The request itself is wrong (HTTP 400). */
export class InvalidArgumentError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("invalid_argument", message, options);
  }
}

/** The named thing is not there (HTTP 404). */
export class NotFoundError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("not_found", message, options);
  }
}

/** The thing is there, but in a state that forbids this (HTTP 409). */
export class ConflictError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("conflict", message, options);
  }
}

/** The thing already is as asked (HTTP 304). */
export class NotModifiedError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("not_modified", message, options);
  }
}

/** It is refused whoever asks (HTTP 403). */
export class ForbiddenError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("forbidden", message, options);
  }
}

/** Credentials are missing or wrong (HTTP 401). */
export class UnauthorizedError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("unauthorized", message, options);
  }
}

/** Slipway, or this host, cannot do it (HTTP 501). */
export class NotImplementedError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("not_implemented", message, options);
  }
}

/** It cannot be done now (HTTP 503). */
export class UnavailableError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("unavailable", message, options);
  }
}

/** Our fault, or the host's (HTTP 500). */
export class InternalError extends SlipwayError {
  constructor(message: string, options?: ErrorOptions) {
    super("internal", message, options);
  }
}

/** A limit or a setting of the kernel that a container asks for could not be set. */
export class SetupError extends InternalError {}

/** Why a system call failed, without its code, name and path that Node has around: `invalid argument`. */
export function reasonOf(error: unknown): string {
  return messageOf(error)
    .replace(/^E[A-Z0-9]+: /, "")
    .replace(/, \w+(?: '.*')?$/s, "");
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether `error` is a Node system error with this code, such as `ENOENT`. */
export function hasErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
