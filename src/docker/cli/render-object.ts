import { messageOf } from "../../base/errors.ts";
import { StatusError } from "./cli-errors.ts";

/**
 * A line about one object by a template, or as JSON for `json`.
 * @throws StatusError in docker's words when the template is wrong, exit code 64 when it does not parse.
 */
export async function renderObject(format: string, object: unknown): Promise<string> {
  const { compileTemplate } = await import("./template/template.ts");
  const { plainValue } = await import("./template/plain-value.ts");
  const attempt = <T>(exitCode: number, prefix: string, action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw new StatusError(`${prefix}${messageOf(error)}`, exitCode);
    }
  };
  const template = attempt(64, "template parsing error: ", () => compileTemplate(format === "json" ? "{{json .}}" : format));
  return `${attempt(1, "", () => template.execute(plainValue(object)))}\n`;
}
