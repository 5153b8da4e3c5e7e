import { configInstructions } from "../../../oci/dockerfile/config-instructions.ts";
import type { Lookup } from "../../../oci/dockerfile/process-word.ts";
import { declarations, type BuildArgs } from "../build-args.ts";

/**
 * The variables of a stage as BuildKit has them: of ENV and ARG the later one counts. A stage goes on from those of the one that it is
 * from, where what that one has in its configuration counts as said last.
 */
export class StageScope {
  readonly #build: BuildArgs;
  readonly #values: Map<string, string>;
  readonly #declared: Set<string>;

  constructor(build: BuildArgs, { env, scope }: { readonly env: readonly string[]; readonly scope?: StageScope }) {
    this.#build = build;
    this.#values = new Map([...(scope ? scope.#values : []), ...env.map(split)]);
    this.#declared = new Set(scope ? scope.#declared : []);
  }

  readonly lookup: Lookup = (name) => this.#values.get(name);

  /** `ENV`; the same value again counts as said later, too. */
  setEnv(text: string, escape: string): void {
    const draft = { Env: [] as readonly string[] };
    configInstructions["ENV"]?.(draft, { text, lookup: this.lookup, escape });
    for (const [name, value] of draft.Env.map(split)) this.#values.set(name, value);
  }

  /** `ARG`: the client's value, or the default, or what stands before FROM. @returns its line of history. */
  declare(text: string, escape: string): string {
    const shown: string[] = [];
    for (const [name, value] of declarations(text, this.lookup, escape)) {
      const final = this.#build.valueOf(name, value);
      if (final !== undefined) this.#values.set(name, final);
      this.#declared.add(name);
      shown.push(value === undefined ? name : `${name}=${value}`);
    }
    return `ARG ${shown.join(" ")}`;
  }

  /** `NAME=value` of all that are set. */
  env(): readonly string[] {
    return [...this.#values].map(([name, value]) => `${name}=${value}`);
  }

  /** `NAME=value` of the arguments, in the order of their declaration; what has no value is empty. */
  args(): readonly string[] {
    return [...this.#declared].map((name) => `${name}=${this.#values.get(name) ?? ""}`);
  }

  /** The proxies that the client gives, which RUN gets without a declaration. */
  proxies(): readonly string[] {
    return this.#build.proxies(this.#declared);
  }
}

function split(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
}
