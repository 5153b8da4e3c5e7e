import { goDuration } from "../../base/go-duration.ts";
import type { HealthConfig, ImageRunConfig } from "../../oci/image-config.ts";
import { splitWords, processWord, type Lookup } from "../../oci/dockerfile/process-word.ts";
import type { Command } from "./command.ts";

/** What `docker history` says of an instruction that only changes the configuration, without the shell in front: `CMD ["sh"]`. */
export function historyText({ keyword, text }: Command, config: ImageRunConfig, lookup: Lookup, escape: string): string {
  switch (keyword) {
    case "CMD":
      return `CMD ${quotedList(config.Cmd)}`;
    case "ENTRYPOINT":
      return `ENTRYPOINT ${quotedList(config.Entrypoint)}`;
    case "SHELL":
      return `SHELL [${(config.Shell ?? []).join(" ")}]`;
    case "VOLUME":
      return `VOLUME [${volumesOf(text, lookup, escape).join(" ")}]`;
    case "EXPOSE":
      return `EXPOSE ${expandedWords(text, lookup, escape).toSorted().join(" ")}`;
    case "ENV":
    case "LABEL":
      return `${keyword} ${pairs(text, lookup, escape)}`;
    case "HEALTHCHECK":
      return `HEALTHCHECK ${healthText(config.Healthcheck ?? {})}`;
    case "ARG":
    case "ONBUILD":
      return `${keyword} ${text}`;
    default:
      return `${keyword} ${processWord(text, lookup, escape)}`;
  }
}

function expandedWords(text: string, lookup: Lookup, escape: string): readonly string[] {
  return splitWords(text, escape).map((word) => processWord(word, lookup, escape));
}

function volumesOf(text: string, lookup: Lookup, escape: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.map((item) => processWord(String(item), lookup, escape));
  } catch {
    // Not the JSON form.
  }
  return expandedWords(text, lookup, escape);
}

function pairs(text: string, lookup: Lookup, escape: string): string {
  if (splitWords(text, escape)[0]?.includes("=")) return expandedWords(text, lookup, escape).join(" ");
  const [, key = "", value = ""] = /^(\S+)\s+([\s\S]*)$/.exec(text) ?? [];
  return `${processWord(key, lookup, escape)}=${processWord(value, lookup, escape)}`;
}

/** Go's `%q` of a list. */
function quotedList(list: readonly string[] | null | undefined): string {
  return `[${(list ?? []).map((item) => JSON.stringify(item)).join(" ")}]`;
}

/** Go's `%q` of moby's HealthConfig. */
function healthText({ Test, Interval, Timeout, StartPeriod, Retries }: HealthConfig): string {
  const durations = [Interval, Timeout, StartPeriod].map((value) => JSON.stringify(goDuration(value ?? 0))).join(" ");
  return `&{${quotedList(Test)} ${durations} '${quotedRune(Retries ?? 0)}'}`;
}

const shortEscapes: Readonly<Record<number, string>> = { 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r" };

function quotedRune(code: number): string {
  if (code >= 32 && code < 127) return String.fromCodePoint(code);
  return shortEscapes[code] ?? `\\x${code.toString(16).padStart(2, "0")}`;
}
