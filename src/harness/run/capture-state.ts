import { query } from "json-p3";
import { interpolateValue, type Variables } from "../plan/interpolate.ts";
import type { Capture } from "../scenario/scenario.generated.ts";
import { inspectNamed } from "./observe/container-facts.ts";
import type { ObservedEngine } from "./observe/engine.ts";
import { found } from "./observe/found.ts";

/**
 * The variables that an engine's state gives: what `docker inspect` says at a JSON path, texts as they are, anything else as JSON.
 * One whose thing or path is not there is left out; its name is in `missing`.
 */
export async function captureState(
  captures: Readonly<Record<string, Capture>>,
  engine: ObservedEngine,
  known: Variables,
): Promise<{ readonly variables: Variables; readonly missing: readonly string[] }> {
  const variables: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, capture] of Object.entries(captures)) {
    if (typeof capture === "string" || capture.path === undefined) continue;
    const { path, ...things } = interpolateValue(capture, known) as Exclude<Capture, string>;
    const inspect = await inspectOf(things, engine);
    const [value] = inspect === null || path === undefined ? [] : query(path, inspect as never).values();
    if (value === undefined) missing.push(name);
    else variables[name] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return { variables, missing };
}

async function inspectOf({ container, image, volume, network }: Exclude<Capture, string>, engine: ObservedEngine): Promise<object | null> {
  if (container !== undefined) return await inspectNamed(engine, container);
  if (image !== undefined) return await found(engine.inspectImage(image));
  if (volume !== undefined) return await found(engine.inspectVolume(volume));
  return network === undefined ? null : await found(engine.inspectNetwork(network));
}
