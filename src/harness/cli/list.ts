import { Option } from "commander";
import { messageOf } from "../../base/errors.ts";
import { textIn } from "../plan/describe.ts";
import { formatPoints } from "../plan/fraction.ts";
import type { Language } from "../report/reporter.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { languageOf, newCommand, type NotRun, parse } from "./run-options.ts";
import { loadPlans, selectPlans } from "./select-scenarios.ts";

export interface ListOptions {
  readonly paths: readonly string[];
  readonly filters: readonly string[];
  readonly language: Language;
}

/** Reads the words after `slipway list`. */
export function parseListOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ListOptions | NotRun {
  const command = newCommand("list", "List scenarios: name, points, tags, title.")
    .argument("[paths...]", "scenario files, and folders of them", ["scenarios"])
    .option(
      "-f, --filter <text>",
      "only those with this in their name or a tag, or /regex/; may be repeated",
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .addOption(new Option("--lang <language>", "language of texts").choices(["en", "zh"]));
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const { filter, lang } = command.opts<{ filter: readonly string[]; lang?: Language }>();
  return { paths: command.processedArgs[0] as readonly string[], filters: filter, language: lang ?? languageOf(env) };
}

/** `slipway list`: a line a scenario, in columns. */
export async function list(
  { paths, filters, language }: ListOptions,
  { stdout, stderr }: { readonly stdout: (text: string) => void; readonly stderr: (text: string) => void },
): Promise<ExitCode> {
  try {
    const plans = selectPlans(await loadPlans(paths), filters);
    const rows = plans.map(({ name, points, tags, title }) => [
      name,
      formatPoints(points),
      tags.join(","),
      title === null ? "" : textIn(title, language),
    ]);
    const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const row of rows)
      stdout(
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
      );
    return exitCodes.pass;
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
}
