import { messageOf } from "../../../base/errors.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";

/** BuildKit's own limit. */
const sizeLimit = 500 * 1024;

/** `--secret id=NAME[,src=FILE|,env=VARIABLE]`: without either a variable of that name, or else a file. @throws StatusError in buildx's words. */
export async function readSecrets(texts: readonly string[], context: CommandContext): Promise<ReadonlyMap<string, Buffer>> {
  const secrets = new Map<string, Buffer>();
  for (const text of texts) {
    const { id, type, source, variable } = parseSecret(text);
    const usesVariable =
      type === "env" || (type === "" && variable !== "") || (type === "" && source === "" && context.env[id] !== undefined);
    if (usesVariable) {
      const value = context.env[variable || source || id];
      // As buildx: a variable that is not set is a secret that is not there.
      if (value !== undefined) secrets.set(id, Buffer.from(value));
    } else secrets.set(id, await readSecretFile(source || id, context));
  }
  return secrets;
}

function parseSecret(text: string): { readonly id: string; readonly type: string; readonly source: string; readonly variable: string } {
  const fields = new Map<string, string>();
  for (const field of text.split(",")) {
    const at = field.indexOf("=");
    if (at < 0) throw new StatusError(`invalid field '${field}' must be a key=value pair`);
    const key = field.slice(0, at).toLowerCase();
    if (!["id", "type", "source", "src", "env"].includes(key)) throw new StatusError(`unexpected key '${key}' in '${field}'`);
    fields.set(key === "src" ? "source" : key, field.slice(at + 1));
  }
  const type = fields.get("type") ?? "";
  if (!["", "file", "env"].includes(type)) throw new StatusError(`unsupported secret type "${type}"`);
  const id = fields.get("id") ?? "";
  if (id === "") throw new StatusError("secret missing 'id' field");
  return { id, type, source: fields.get("source") ?? "", variable: fields.get("env") ?? "" };
}

async function readSecretFile(path: string, { files }: CommandContext): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of (await files.read(path)) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > sizeLimit) throw new StatusError(`invalid secret size, expected no more than ${sizeLimit} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw new StatusError(`failed to read the secret's file ${path}: ${messageOf(error).replace(/^E[A-Z]+: ([^,]*),.*$/s, "$1")}`);
  }
  return Buffer.concat(chunks);
}
