import { randomBytes } from "node:crypto";

/** 64 hex digits, as Docker's container, exec and network ids; never all digits in its first 12, so that it cannot be taken for a number. */
export function randomId(): string {
  for (;;) {
    const id = randomBytes(32).toString("hex");
    if (!/^\d{12}/.test(id)) return id;
  }
}

/** The 12 digits that people are shown. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
