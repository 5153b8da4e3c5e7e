import { mkdir, readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { hasErrno } from "../../base/errors.ts";
import type { ScenarioResult } from "../report/report.ts";
import { exactText, parseExact } from "./exact-points.ts";
import type { Exercise } from "./load-exercise.ts";
import { type Total, totalOf } from "./rubric.ts";
import type { TaskResult } from "./grade-submission.ts";
import type { Notice } from "./read-submission.ts";

/** What one student's work came to, as it is kept in `results/`. Points are exact: `7/3`. Lateness is put to them where they are told. */
export interface StudentResult {
  readonly schemaVersion: 1;
  readonly id: string;
  /**
   * `fault`: engine or host kept us from judging; there is no grade yet, and the student loses nothing. `review`: the same, but only under this submission,
   * twice: there is no grade before somebody looks at it, and it is not run again until that is asked for.
   */
  readonly status: "graded" | "empty" | "refused" | "fault" | "review";
  /** By which a later run knows whether this still holds. */
  readonly digests: Digests;
  /** How isolated it was run: the engine's tier; null when nothing was run. */
  readonly tier: string | null;
  /** The newest file's time, ISO 8601; null without files. */
  readonly modifiedAt: string | null;
  readonly gradedAt: string;
  readonly notices: readonly Notice[];
  /** In the exercise's order; none when it was not run. */
  readonly tasks: readonly { readonly name: string; readonly earned: string; readonly isFault: boolean; readonly result: ScenarioResult }[];
}

export interface Digests {
  /** Of exercise.yaml and its scenarios. */
  readonly exercise: string;
  /** Of what was handed in. */
  readonly submission: string;
  /** Kind and version of the engine. */
  readonly engine: string;
}

/** A student's result from what was run. */
export function studentResult(
  of: Pick<StudentResult, "id" | "digests" | "modifiedAt" | "gradedAt" | "notices"> & { readonly status: "graded" | "empty" | "refused" },
  tasks: readonly TaskResult[],
): StudentResult {
  return {
    schemaVersion: 1,
    ...of,
    tier: tasks.find(({ result }) => result.engine !== null)?.result.engine?.tier ?? null,
    status: tasks.some(({ isSuspect }) => isSuspect) ? "review" : tasks.some(({ isFault }) => isFault) ? "fault" : of.status,
    tasks: tasks.map(({ task, earned, isFault, result }) => ({ name: task.plan.name, earned: exactText(earned), isFault, result })),
  };
}

/** Exact points before lateness, and the penalties in them; null while nobody can say. */
export function totalOfResult({ status, tasks }: StudentResult, exercise: Pick<Exercise, "penalties" | "cap">): Total | null {
  if (status === "fault" || status === "review") return null;
  return totalOf(
    tasks.map(({ name, earned, result }) => ({ name, earned: parseExact(earned), checks: result.checks })),
    exercise,
  );
}

/** Whether an earlier result still stands: a fault never does, another only for the same exercise, work and engine. */
export function stillStands(earlier: StudentResult | null, digests: Digests): earlier is StudentResult {
  return (
    earlier !== null &&
    earlier.status !== "fault" &&
    earlier.digests.exercise === digests.exercise &&
    earlier.digests.submission === digests.submission &&
    earlier.digests.engine === digests.engine
  );
}

/** The file name for a student: the id itself where that is a harmless one. */
export function fileNameOf(id: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}$/.test(id)) return id;
  const readable = [...id.replace(/[^\p{L}\p{N}_@-]+/gu, "_")].slice(0, 40).join("");
  return `${readable}~${createHash("sha256").update(id).digest("hex").slice(0, 12)}`;
}

/** Writes it whole or not at all. */
export async function writeResult(out: string, result: StudentResult): Promise<void> {
  const folder = join(out, "results");
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, `${fileNameOf(result.id)}.json`), `${JSON.stringify(result, null, 2)}\n`, 0o600);
}

/** The result that is there; null for none, or for a file that is not one of ours. */
export async function readResult(out: string, id: string): Promise<StudentResult | null> {
  let text: string;
  try {
    text = await readFile(join(out, "results", `${fileNameOf(id)}.json`), "utf8");
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return null;
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<StudentResult> | null;
    return value?.schemaVersion === 1 && value.id === id && Array.isArray(value.tasks) ? (value as StudentResult) : null;
  } catch {
    return null;
  }
}
