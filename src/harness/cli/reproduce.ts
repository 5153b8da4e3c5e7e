import type { Plan } from "../plan/plan.ts";
import type { RunOptions } from "./run-options.ts";

/** The command line that runs one scenario alone as it was run here, to be pasted into a shell. `siblings`: plans of the same file. */
export function reproduceCommand(plan: Plan, siblings: number, options: RunOptions): string {
  const { engine, client, timeoutMs, selection } = options;
  const words = ["slipway", "run", plan.file];
  if (siblings > 1) words.push("--grep", `/^${plan.name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}$/`);
  if (engine !== "embedded") words.push("--engine", engine);
  if (client !== (engine === "embedded" ? "slipway" : "host")) words.push("--client", client);
  if (timeoutMs !== null) words.push("--timeout", `${timeoutMs}ms`);
  for (const [name, value] of Object.entries(selection.variables ?? {})) words.push("--var", `${name}=${value}`);
  words.push("--seed", String(selection.seed));
  return words.map(shellWord).join(" ");
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
