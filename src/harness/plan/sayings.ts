import { SAYINGS } from "./sayings-table.ts";

/** A sentence, or a part of one, in each of the languages that texts for people come in. */
export interface Said {
  readonly en: string;
  readonly zh: string;
}

/** What stands in a sentence's place: a value, the same in every language, or something said. */
type Part = string | number | Said;
export type Saying = keyof typeof SAYINGS;
type Parts<S extends string, P extends readonly Part[] = []> = S extends `${string}{${number}}${infer Rest}`
  ? Parts<Rest, [...P, Part]>
  : P;

/** The sentence in both languages, `{0}` and so on replaced by the parts. A sentence that is not in the table, or a part too few, does not compile. */
export function say<S extends Saying>(saying: S, ...parts: Parts<S>): Said {
  const given: readonly Part[] = parts;
  const fill = (template: string, language: keyof Said): string =>
    template.replaceAll(/\{(\d)\}/g, (place, index: string) => {
      const part = given[Number(index)];
      return part === undefined ? place : typeof part === "object" ? part[language] : String(part);
    });
  return { en: fill(saying, "en"), zh: fill(SAYINGS[saying], "zh") };
}

/** Several, with what stands between them. */
export function joinSaid(all: readonly Said[], between: Said): Said {
  return { en: all.map(({ en }) => en).join(between.en), zh: all.map(({ zh }) => zh).join(between.zh) };
}

/** As a problem has it: in English, and beside it in Chinese. */
export function asRationale({ en, zh }: Said): { readonly rationale: string; readonly rationaleZh: string } {
  return { rationale: en, rationaleZh: zh };
}
