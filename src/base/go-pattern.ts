import { createRequire } from "node:module";

type Re2 = typeof import("re2js");

let loaded: Re2["RE2JS"] | undefined;

/**
 * Whether a regular expression of Go's matches anywhere in a text (https://github.com/google/re2/wiki/Syntax). Those of JavaScript are others, and may
 * take for ever where somebody chooses both expression and text.
 * @throws Error in Go's words, `error parsing regexp: …`, for what is none.
 */
export function goPattern(source: string): (text: string) => boolean {
  // Most are plain, and the library takes as long to load as a docker command.
  if (/^[\w/-]*$/.test(source)) return (text) => text.includes(source);
  loaded ??= (createRequire(import.meta.url)("re2js") as Re2).RE2JS;
  const pattern = loaded.compile(source);
  return (text) => pattern.matcher(text).find();
}

/** As {@link goPattern}, but what is no expression matches only itself, as in Docker's filters. */
export function goFilter(source: string): (text: string) => boolean {
  try {
    const matches = goPattern(source);
    return (text) => text === source || matches(text);
  } catch {
    return (text) => text === source;
  }
}
