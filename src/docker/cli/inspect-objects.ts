import { messageOf } from "../../base/errors.ts";
import { describeError, StatusError } from "./cli-errors.ts";
import type { CommandContext } from "./command.ts";

/** An object as the engine described it, and the Go type that templates meet it as. */
export interface Inspected {
  readonly type: string;
  readonly json: unknown;
  /** True: docker knows it by its type alone, not by what the engine answered. */
  readonly isTyped?: boolean;
}

/** docker's exit code for a template that does not parse. */
const EXIT_BAD_TEMPLATE = 64;

/**
 * Prints what `look` finds for every name: a JSON list, or a line each by a template. Names that are not found are complained about at
 * the end; the others are printed all the same.
 */
export async function inspectObjects(
  names: readonly string[],
  format: string,
  look: (name: string) => Promise<Inspected>,
  context: CommandContext,
): Promise<number> {
  const template = format === "" || format === "json" ? null : await compile(format);
  const complaints: string[] = [];
  const found: Inspected[] = [];
  let lines = "";
  for (const name of names) {
    try {
      const object = await look(name);
      if (template) lines += `${template(object)}\n`;
      else found.push(object);
    } catch (error) {
      complaints.push(describeError(error));
    }
  }
  if (template) context.stdout.write(lines === "" ? "\n" : lines);
  else {
    const text = JSON.stringify(
      found.map(({ json }) => json),
      null,
      format === "json" ? 0 : 4,
    );
    // Go escapes what could end a script in a page; of what an engine answered docker shows what it was sent.
    const isTyped = found.some((object) => object.isTyped === true);
    context.stdout.write(`${isTyped ? text.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026") : text}\n`);
  }
  if (complaints.length > 0) throw new StatusError(complaints.join("\n"));
  return 0;
}

/**
 * Like docker, tries the template on the typed object first, where every field exists; and then on the plain JSON, where names are
 * spelled as JSON spells them, and missing ones are errors.
 */
async function compile(format: string): Promise<(object: Inspected) => string> {
  const { compileTemplate } = await import("./template/template.ts");
  const { typedValue } = await import("./format/typed-value.ts");
  const { fromJson } = await import("./template/go-value.ts");
  const { plainValue } = await import("./template/plain-value.ts");
  const template = wrapped(EXIT_BAD_TEMPLATE, () => compileTemplate(format));
  return ({ type, json, isTyped }) => {
    if (isTyped === true) {
      try {
        return template.execute(plainValue(json));
      } catch (error) {
        throw new StatusError(`template parsing error: ${messageOf(error).replace(/types\.Object$/, type)}`);
      }
    }
    try {
      return template.execute(typedValue(type, json));
    } catch {
      return wrapped(1, () => template.execute(fromJson(json), { missingKeyIsError: true }));
    }
  };
}

function wrapped<T>(exitCode: number, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new StatusError(`template parsing error: ${messageOf(error)}`, exitCode);
  }
}
