import { messageOf } from "../../../base/errors.ts";
import { parseReference, type Reference } from "../../../oci/reference.ts";
import { StatusError } from "../cli-errors.ts";

/** An image name from the command line. @throws StatusError: what is wrong is said here, before the engine is asked. */
export function parseName(text: string): Reference {
  try {
    return parseReference(text);
  } catch (error) {
    throw new StatusError(messageOf(error));
  }
}
