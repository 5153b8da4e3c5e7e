import { join } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";
import type { JunitProfile } from "../report/junit.ts";
import { closest } from "../scenario/closest.ts";

/** Where a report goes: a file, or with null our standard output. */
export type Destination = string | null;

/** A reporter that was asked for. */
export type ReporterSpec =
  | { readonly name: "console" }
  | { readonly name: "junit"; readonly profile: JunitProfile; readonly to: Destination }
  | { readonly name: "json" | "events" | "ctrf" | "tap"; readonly to: Destination }
  /** `to`: the step summary; null: the file that GITHUB_STEP_SUMMARY names. */
  | { readonly name: "github"; readonly to: Destination };

/** The file of each, below `--output`, when none is named. */
const FILES = { junit: "junit.xml", json: "report.json", events: "events.jsonl", ctrf: "ctrf.json", tap: "report.tap" } as const;
const PROFILES: readonly string[] = ["strict", "gitlab", "github"] satisfies JunitProfile[];

export const REPORTER_NAMES: readonly ReporterSpec["name"][] = ["console", "junit", "json", "events", "ctrf", "tap", "github"];

/** A reporter as it stands on the command line, its file still to be put below `--output`. */
export interface WrittenReporter {
  readonly name: ReporterSpec["name"];
  readonly profile: JunitProfile;
  readonly path: string | null;
}

/**
 * Reads `console,junit:gitlab=build/junit.xml,tap=-`: names with commas between them, each with a file, or `-` for the standard output.
 * @throws InvalidArgumentError for what there is not.
 */
export function parseReporters(text: string): readonly WrittenReporter[] {
  return text.split(",").map((part) => {
    const [, name = "", profile, path] = /^([^:=]*)(?::([^=]*))?(?:=(.*))?$/s.exec(part.trim()) ?? [];
    if (!REPORTER_NAMES.includes(name as WrittenReporter["name"])) {
      const meant = closest(name, [...REPORTER_NAMES]);
      throw new InvalidArgumentError(
        `There is no reporter ${JSON.stringify(name)}; ${meant === null ? `there are ${REPORTER_NAMES.join(", ")}.` : `did you mean ${meant}?`}`,
      );
    }
    if (profile !== undefined && (name !== "junit" || !PROFILES.includes(profile))) {
      throw new InvalidArgumentError(
        name === "junit" ? `junit has the profiles ${PROFILES.join(", ")}, not ${JSON.stringify(profile)}.` : `${name} has no profiles.`,
      );
    }
    if (path === "" || (path !== undefined && name === "console")) {
      throw new InvalidArgumentError(name === "console" ? "console writes to the terminal, not to a file." : `${part} names no file.`);
    }
    return { name: name as WrittenReporter["name"], profile: (profile ?? "strict") as JunitProfile, path: path ?? null };
  });
}

/**
 * With each reporter's file, below `output` where none is named.
 * @throws InvalidArgumentError when two write to the same place.
 */
export function placeReporters(written: readonly WrittenReporter[], output: string): readonly ReporterSpec[] {
  const specs = written.map(({ name, profile, path }): ReporterSpec => {
    if (name === "console") return { name };
    if (name === "github") return { name, to: path };
    const to = path === "-" ? null : (path ?? join(output, FILES[name]));
    return name === "junit" ? { name, profile, to } : { name, to };
  });
  // GitHub's annotations are lines among others, so that they and the console may share the standard output.
  const files = specs.flatMap((spec) => (spec.name === "console" ? [] : spec.name === "github" ? (spec.to ?? []) : (spec.to ?? "-")));
  if (files.includes("-") && specs.some(({ name }) => name === "console" || name === "github")) files.push("-");
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`two reporters write to ${twice === "-" ? "the standard output" : twice}`);
  return specs;
}
