/** What stands in a report where a secret was. */
export const REDACTED = "***";

/** Replaces every one of `secrets` in all texts of a value, keys too. Texts of less than three characters would replace half of everything, and stay. */
export function redactor(secrets: Iterable<string>): <T>(value: T) => T {
  // The longest first: one may be a part of another. In JSON or a shell word a secret may stand escaped.
  const written = new Set(
    [...secrets].filter((secret) => secret.length >= 3).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]),
  );
  const all = [...written].toSorted((a, b) => b.length - a.length);
  if (all.length === 0) return (value) => value;
  const replace = (text: string): string => all.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return replace(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [replace(key), walk(inner)]));
  };
  return <T>(value: T) => walk(value) as T;
}
