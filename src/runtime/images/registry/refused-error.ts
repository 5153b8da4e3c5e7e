import { InternalError } from "../../../base/errors.ts";

/** Why something cannot be had of a registry, where asking again would be no better. */
export class RefusedError extends InternalError {}
