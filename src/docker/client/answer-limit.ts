import { InternalError } from "../../base/errors.ts";

/** As many bytes an answer of JSON, or a line of one, may have: what a daemon has to tell may be made as large as one likes by who uses it. */
export const ANSWER_LIMIT = 32 * 1024 * 1024;

/** What is thrown for a daemon's answer that is more than is read of one. */
export const answerTooLarge = (): InternalError => new InternalError(`the daemon's answer is larger than ${ANSWER_LIMIT} bytes`);
