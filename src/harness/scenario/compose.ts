import type { Scenario, Setup, Step, Suite } from "./scenario.generated.ts";
import type { SharedFile } from "./shared-files.ts";
import type { Source, SourcePath } from "./source.ts";

/** A scenario with what it shares with others put in. */
export interface Composed {
  /** With all variables, images, fixtures and tags; its steps are its own. */
  readonly scenario: Scenario;
  /** The steps of setups, in order, done before its own. Their paths in `source` begin with `setup`. */
  readonly setup: readonly Step[];
  /** Places as they are in the file that each thing is written in. */
  readonly source: Source;
  /** All files that it is made of, its own first. */
  readonly files: readonly string[];
}

interface Layer {
  readonly value: Suite & Setup & Pick<Scenario, "steps" | "cleanup">;
  readonly source: Source;
}

const BY_NAME = ["vars", "env", "fixtures"] as const;

/** Puts shared files below a scenario: of what several say of one name, the scenario's own counts, or else the last file's. */
export function compose(scenario: Scenario, source: Source, shared: readonly SharedFile[]): Composed {
  if (shared.length === 0) return { scenario, setup: [], source, files: [source.file] };
  const own: Layer = { value: scenario, source };
  const layers: readonly Layer[] = [...shared, own];
  // A name that is a variable here and in the environment there is what the upper one says.
  const hidden = (layer: Layer, key: "vars" | "env", name: string): boolean =>
    layers.slice(layers.indexOf(layer) + 1).some(({ value }) => Object.hasOwn((key === "vars" ? value.env : value.vars) ?? {}, name));
  const ownerOf = new Map<string, Layer>();
  const byName = (key: (typeof BY_NAME)[number]): Record<string, never> => {
    const entries = layers.flatMap((layer) =>
      Object.entries(layer.value[key] ?? {})
        .filter(([name]) => key === "fixtures" || !hidden(layer, key, name))
        .map(([name, value]) => {
          ownerOf.set(JSON.stringify([key, name]), layer);
          return [name, value] as const;
        }),
    );
    return Object.fromEntries(entries) as Record<string, never>;
  };
  const images = layers.flatMap((layer) => (layer.value.images ?? []).map((image, index) => ({ image, index, layer })));
  const wanted = images.filter(({ image }, at) => images.findIndex((one) => one.image === image) === at);
  const steps = shared.flatMap((layer) => (layer.value.steps ?? []).map((step, index) => ({ step, index, layer })));
  const timeout = layers.findLast(({ value }) => value.timeout !== undefined)?.value.timeout;
  const composed: Scenario = {
    ...scenario,
    vars: byName("vars"),
    env: byName("env"),
    fixtures: byName("fixtures"),
    images: wanted.map(({ image }) => image),
    tags: [...new Set(layers.flatMap(({ value }) => value.tags ?? []))],
    cleanup: layers.toReversed().flatMap(({ value }) => value.cleanup ?? []),
    ...(timeout !== undefined && { timeout }),
  };
  const placed = (path: SourcePath): readonly [Source, SourcePath] => {
    const [first, second, ...rest] = path;
    if (first === "setup") {
      const row = steps[Number(second)];
      return row === undefined ? [source, []] : [row.layer.source, ["steps", row.index, ...rest]];
    }
    if (first === "images" && second !== undefined) {
      const row = wanted[Number(second)];
      return row === undefined ? [source, path] : [row.layer.source, ["images", row.index, ...rest]];
    }
    const layer = second === undefined ? undefined : ownerOf.get(JSON.stringify([first, second]));
    return [layer?.source ?? source, path];
  };
  return {
    scenario: composed,
    setup: steps.map(({ step }) => step),
    files: [source.file, ...shared.map((one) => one.source.file)],
    source: {
      file: source.file,
      value: source.value,
      locate: (path, of) => {
        const [where, at] = placed(path);
        return where.locate(at, of);
      },
      problem: (path, message, of) => {
        const [where, at] = placed(path);
        return where.problem(at, message, of);
      },
    },
  };
}
