import { SlipwayError, type ErrorCode } from "../../base/errors.ts";

const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_argument: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  not_modified: 304,
  not_implemented: 501,
  unavailable: 503,
  internal: 500,
};

/** The HTTP status that an error is answered with; what is no SlipwayError is our fault, 500. */
export function statusOf(error: unknown): number {
  return error instanceof SlipwayError ? STATUS[error.code] : 500;
}
