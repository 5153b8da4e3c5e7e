import { createHash } from "node:crypto";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";

const NAMES = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;

/** There is one context, `default`. @throws StatusError in docker's words for any other name. */
export function checkContextName(name: string, context: Pick<CommandContext, "configFolder" | "ownProcess">): void {
  if (name === "default") return;
  checkForm(name);
  // Where docker looks for one.
  context.ownProcess();
  const { configFolder } = context;
  const file = `${configFolder}/contexts/meta/${createHash("sha256").update(name).digest("hex")}/meta.json`;
  throw new StatusError(`context ${JSON.stringify(name)}: context not found: open ${file}: no such file or directory`);
}

/** @throws StatusError in docker's words for a name that no context can be given. */
export function checkNewContextName(name: string): void {
  if (name === "default") throw new StatusError('"default" is a reserved context name');
  checkForm(name);
}

function checkForm(name: string): void {
  if (!NAMES.test(name))
    throw new StatusError(`context name ${JSON.stringify(name)} is invalid, names are validated against regexp "${NAMES.source}"`);
}
