import { readBody, statusLine, type HttpAnswer } from "./http.ts";
import { RefusedError } from "./refused-error.ts";
import { retryAfter } from "./retry-after.ts";
import { parseChallenges } from "./www-authenticate.ts";

const bodyLimit = 64 << 10;

/** A registry's refusal (distribution-spec "Error codes"), in the words in which Docker repeats it: `manifest unknown: manifest unknown`. */
export class RegistryError extends RefusedError {
  /** `MANIFEST_UNKNOWN`; `UNKNOWN` where the registry gave no code. */
  readonly reason: string;
  readonly status: number;
  /** Milliseconds that the registry asks to wait; null when it does not. */
  readonly retryAfter: number | null;
  constructor(reason: string, message: string, status: number, wait: number | null = null) {
    super(message);
    this.reason = reason;
    this.status = status;
    this.retryAfter = wait;
  }
}

/** Reads why an answer is a refusal. */
export async function registryError(answer: HttpAnswer): Promise<RegistryError> {
  const { status } = answer;
  const wait = retryAfter(answer, Date.now());
  const challenges = parseChallenges(answer.headers["www-authenticate"] ?? "");
  const text = (await readBody(answer, bodyLimit).catch(() => Buffer.alloc(0))).toString();
  if (challenges.some(({ parameters }) => parameters["error"] === "insufficient_scope")) {
    return new RegistryError("DENIED", "denied: requested access to the resource is denied", status);
  }
  const first = firstError(text);
  if (first) return new RegistryError(first.code, `${first.code.toLowerCase().replaceAll("_", " ")}: ${first.message}`, status, wait);
  if (status === 401) return new RegistryError("UNAUTHORIZED", "unauthorized: authentication required", status);
  if (status === 404) return new RegistryError("UNKNOWN", "received unexpected HTTP status: 404 Not Found", status);
  return new RegistryError("UNKNOWN", `received unexpected HTTP status: ${statusLine(answer)}`, status, wait);
}

function firstError(text: string): { readonly code: string; readonly message: string } | null {
  try {
    const { errors } = JSON.parse(text) as { readonly errors?: readonly { readonly code?: unknown; readonly message?: unknown }[] };
    const [first] = Array.isArray(errors) ? (errors as { readonly code?: unknown; readonly message?: unknown }[]) : [];
    if (typeof first?.code !== "string") return null;
    const message = typeof first.message === "string" && first.message !== "" ? first.message : first.code.toLowerCase();
    return { code: printable(first.code).slice(0, 100), message: printable(message).slice(0, 1000) };
  } catch {
    return null;
  }
}

/** A registry's words reach a terminal. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, " ");
}
