import { messageOf } from "../../base/errors.ts";
import { StatusError } from "./cli-errors.ts";
import type { CommandContext } from "./command.ts";

/**
 * Prints a line about one object by a template, or as JSON for `json`; `name` and `type` are what docker's complaints call the template
 * and the object, `types` its parts.
 * @throws StatusError in docker's words when the template is wrong, exit code 64 when it does not parse.
 */
export async function writeObject(
  stdout: CommandContext["stdout"],
  format: string,
  object: unknown,
  { name, type, types = {} }: { readonly name: string; readonly type: string; readonly types?: Readonly<Record<string, string>> },
): Promise<void> {
  const { compileTemplate } = await import("./template/template.ts");
  const { plainValue } = await import("./template/plain-value.ts");
  const worded = (error: unknown): string =>
    messageOf(error)
      .replace("template: :", `template: ${name}:`)
      .replace('executing ""', `executing "${name}"`)
      .replace(/types\.Object$/, () => types[/ at <\.(\w+)\.\w+>: /.exec(messageOf(error))?.[1] ?? ""] ?? type);
  const attempt = <T>(exitCode: number, prefix: string, action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw new StatusError(`${prefix}${worded(error)}`, exitCode);
    }
  };
  const template = attempt(64, "template parsing error: ", () => compileTemplate(format === "json" ? "{{json .}}" : format));
  let line = "";
  try {
    line = attempt(1, "", () => template.execute(plainValue(object)));
  } finally {
    // The line ends even where it could not be filled.
    stdout.write(`${line}\n`);
  }
}
