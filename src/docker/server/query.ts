import { InvalidArgumentError } from "../../base/errors.ts";
import type { Filters } from "../api/types.ts";

/** The parameters after `?`, read as the Docker daemon reads them. */
export class Query {
  readonly #parameters: URLSearchParams;

  constructor(text: string) {
    this.#parameters = new URLSearchParams(text);
  }

  has(name: string): boolean {
    return this.#parameters.has(name);
  }

  /** Empty when it is not given. */
  text(name: string): string {
    return this.#parameters.get(name) ?? "";
  }

  list(name: string): readonly string[] {
    return this.#parameters.getAll(name);
  }

  /** Anything but empty, 0, no, false and none is true, in any case. */
  flag(name: string, whenMissing = false): boolean {
    const value = this.text(name).trim().toLowerCase();
    return value === "" ? whenMissing : !["0", "no", "false", "none"].includes(value);
  }

  /** Null when it is not given. @throws InvalidArgumentError for what is no whole number. */
  integer(name: string): number | null {
    const text = this.text(name);
    if (text === "") return null;
    if (!/^[+-]?\d+$/.test(text)) throw new InvalidArgumentError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
    return Number(text);
  }

  /** Unix seconds with fractions, as in `1136073600.000000001`; null when it is not given or 0. */
  seconds(name: string): number | null {
    const text = this.text(name);
    if (text === "" || text === "0") return null;
    if (!/^-?\d+(\.\d*)?$/.test(text)) throw new InvalidArgumentError(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
    return Number(text);
  }

  /** A JSON object of strings. */
  map(name: string): Readonly<Record<string, string | null>> {
    const text = this.text(name);
    if (text === "") return {};
    const value = parseJson(text, () => new InvalidArgumentError(`invalid ${name}: ${text}`));
    if (value === null) return {};
    if (typeof value !== "object" || Array.isArray(value)) throw new InvalidArgumentError(`invalid ${name}: ${text}`);
    return value as Record<string, string | null>;
  }

  /** `filters`, in the map form `{"label":{"a=b":true}}` or the older list form `{"label":["a=b"]}`. */
  filters(): Filters {
    const text = this.text("filters");
    if (text === "") return {};
    const invalid = (): InvalidArgumentError => new InvalidArgumentError("invalid filter");
    const value = parseJson(text, invalid);
    if (value === null) return {};
    if (typeof value !== "object" || Array.isArray(value)) throw invalid();
    return Object.fromEntries(
      Object.entries(value).map(([key, values]: [string, unknown]) => {
        if (values === null || values === undefined) return [key, []];
        if (Array.isArray(values) && values.every((each) => typeof each === "string")) return [key, values];
        const flags: readonly unknown[] = typeof values === "object" ? Object.values(values) : [null];
        if (Array.isArray(values) || flags.some((each) => typeof each !== "boolean")) throw invalid();
        return [key, Object.keys(values).filter((each) => (values as Record<string, unknown>)[each] === true)];
      }),
    );
  }
}

function parseJson(text: string, error: () => Error): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw error();
  }
}
