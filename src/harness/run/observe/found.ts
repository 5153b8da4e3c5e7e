import { NotFoundError } from "../../../base/errors.ts";

/** What `asked` gives; null when the engine says that there is no such thing. */
export async function found<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
