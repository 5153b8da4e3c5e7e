import { processWord, splitWords, type Lookup } from "../../oci/dockerfile/process-word.ts";

/** Given by `--build-arg` without an ARG. They are no part of history and cache. */
const always = new Set(["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]));

/** The ARGs of a build: those before FROM, and those of its stages. */
export class BuildArgs {
  readonly given: Readonly<Record<string, string | null>>;
  readonly #meta = new Map<string, string | undefined>();
  readonly #used = new Set<string>();

  /** `builtIn` are there without a declaration before FROM, such as TARGETARCH. */
  constructor(given: Readonly<Record<string, string | null>>, builtIn: Readonly<Record<string, string>> = {}) {
    this.given = given;
    for (const [name, value] of Object.entries(builtIn)) this.#meta.set(name, value);
  }

  /** An ARG before the first FROM. */
  declareMeta(text: string, escape: string): void {
    for (const [name, value] of declarations(text, this.lookupMeta, escape)) {
      this.#meta.set(name, value ?? this.#meta.get(name));
      this.#used.add(name);
    }
  }

  readonly lookupMeta: Lookup = (name) => (this.#meta.has(name) ? (this.given[name] ?? this.#meta.get(name)) : undefined);

  /** A stage of the classic builder begins: it has none of the ARGs of another. */
  stage(): StageArgs {
    return new StageArgs(this);
  }

  /** What an ARG of a stage is: as the client says, or its own default, or that of before FROM. */
  valueOf(name: string, value: string | undefined): string | undefined {
    const otherwise = this.defaultOf(name);
    return this.given[name] ?? value ?? otherwise;
  }

  /** `NAME=value` of the given proxies, without those that an ARG declares. */
  proxies(declared: ReadonlySet<string>): readonly string[] {
    return Object.entries(this.given).flatMap(([name, value]) =>
      always.has(name) && value !== null && !declared.has(name) ? [`${name}=${value}`] : [],
    );
  }

  /** The default of a stage's ARG that has none of its own. */
  defaultOf(name: string): string | undefined {
    this.#used.add(name);
    return this.#meta.get(name);
  }

  /** Names that were given and that no ARG asks for, sorted. */
  unused(): readonly string[] {
    return Object.keys(this.given)
      .filter((name) => !this.#used.has(name) && !always.has(name))
      .toSorted();
  }
}

/** The ARGs of one stage. */
export class StageArgs {
  readonly #build: BuildArgs;
  readonly #allowed = new Map<string, string | undefined>();

  constructor(build: BuildArgs) {
    this.#build = build;
  }

  /** An ARG in a stage; without a default it takes the one from before FROM. */
  declare(text: string, lookup: Lookup, escape: string): void {
    for (const [name, value] of declarations(text, lookup, escape)) {
      const otherwise = this.#build.defaultOf(name);
      this.#allowed.set(name, value ?? otherwise);
    }
  }

  readonly lookup: Lookup = (name) => (this.#allowed.has(name) ? (this.#build.given[name] ?? this.#allowed.get(name)) : undefined);

  /** `NAME=value`, sorted, of all that have a value and are no variables of `env`. */
  assignments(env: readonly string[]): readonly string[] {
    return [...this.#allowed.keys()].toSorted().flatMap((name) => {
      const value = this.lookup(name);
      return value === undefined || env.some((entry) => entry.startsWith(`${name}=`)) ? [] : [`${name}=${value}`];
    });
  }

  /** The proxies, which RUN gets without a declaration. */
  proxies(): readonly string[] {
    return this.#build.proxies(new Set(this.#allowed.keys()));
  }
}

/** The names of an ARG, with their defaults. */
export function* declarations(text: string, lookup: Lookup, escape: string): Generator<readonly [string, string | undefined]> {
  for (const word of splitWords(text, escape)) {
    const at = word.indexOf("=");
    if (at < 0) yield [processWord(word, lookup, escape), undefined];
    else yield [processWord(word.slice(0, at), lookup, escape), processWord(word.slice(at + 1), lookup, escape)];
  }
}
