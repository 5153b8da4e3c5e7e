import type { StateExpectation, StepExpectation } from "../scenario/scenario.generated.ts";
import type { SourcePath } from "../scenario/source.ts";
import type { ExpectationSubject } from "./plan.ts";

/** One thing that a map of expectations says, and where in the map. */
export interface Subject {
  readonly path: SourcePath;
  readonly subject: ExpectationSubject;
}

/** The single things that a map of expectations says, a step's own outcome first. */
export function subjectsOf(item: StepExpectation | StateExpectation): readonly Subject[] {
  const subjects: Subject[] = [];
  const add = (path: SourcePath, subject: ExpectationSubject): void => {
    subjects.push({ path, subject });
  };
  if ("exitCode" in item && item.exitCode !== undefined) add(["exitCode"], { kind: "exitCode", expected: item.exitCode });
  if ("stdout" in item && item.stdout !== undefined) add(["stdout"], { kind: "output", stream: "stdout", expected: item.stdout });
  if ("stderr" in item && item.stderr !== undefined) add(["stderr"], { kind: "output", stream: "stderr", expected: item.stderr });
  for (const part of ["status", "headers", "body"] as const) {
    if (part in item && (item as StepExpectation)[part] !== undefined) {
      add([part], { kind: "response", expected: { [part]: (item as StepExpectation)[part] } });
    }
  }
  for (const [name, expected] of Object.entries(item.containers ?? {})) add(["containers", name], { kind: "container", name, expected });
  for (const [ref, expected] of Object.entries(item.images ?? {})) add(["images", ref], { kind: "image", ref, expected });
  for (const [name, expected] of Object.entries(item.volumes ?? {})) add(["volumes", name], { kind: "volume", name, expected });
  for (const [name, expected] of Object.entries(item.networks ?? {})) add(["networks", name], { kind: "network", name, expected });
  if (item.count !== undefined) add(["count"], { kind: "count", expected: item.count });
  if (item.only !== undefined) add(["only"], { kind: "only", expected: item.only });
  for (const [container, expected] of Object.entries(item.diff ?? {})) add(["diff", container], { kind: "diff", container, expected });
  for (const [index, expected] of (item.files ?? []).entries()) add(["files", index], { kind: "file", expected });
  for (const [tar, expected] of Object.entries(item.entries ?? {})) add(["entries", tar], { kind: "entries", tar, expected });
  for (const [container, expected] of Object.entries(item.logs ?? {})) add(["logs", container], { kind: "logs", container, expected });
  for (const [index, expected] of (item.differences ?? []).entries()) add(["differences", index], { kind: "difference", expected });
  if (item.events !== undefined) add(["events"], { kind: "events", expected: item.events });
  for (const [index, expected] of (item.http ?? []).entries()) add(["http", index], { kind: "http", expected });
  return subjects;
}
