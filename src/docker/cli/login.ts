import { messageOf, NotImplementedError } from "../../base/errors.ts";
import { StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { readLine } from "./confirm.ts";
import { bool, string } from "./flags/flags.ts";
import { keepAuth } from "./registry/registry-auth.ts";
import { registryKey } from "./registry/registry-key.ts";

/** `docker login`: asks the registry, and keeps user name and password in `config.json` or with a credential helper, where pull and push find them. */
export const command = defineCommand({
  use: "[OPTIONS] [SERVER]",
  long: "Authenticate to a registry.\nDefaults to Docker Hub if no server is specified.",
  flags: {
    password: string("Password or Personal Access Token (PAT)", { short: "p" }),
    "password-stdin": bool("Take the Password or Personal Access Token (PAT) from stdin"),
    username: string("Username", { short: "u" }),
  },
  args: { min: 0, max: 1 },
  completes: ["none"],
  async run({ flags, args }, context) {
    context.ownProcess();
    if (flags.password !== "") {
      if (flags["password-stdin"]) throw new StatusError("conflicting options: cannot specify both --password and --password-stdin");
      context.stderr.write("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n");
    }
    if (flags["password-stdin"] && flags.username === "")
      throw new StatusError("the --password-stdin option requires --username to be set");
    const ask = async (question: string, given: string): Promise<string> => {
      if (given !== "") return given;
      if (context.stdin.isTTY !== true) throw new StatusError("Error: Cannot perform an interactive login from a non TTY device");
      context.stdout.write(question);
      return (await readLine(context)).trim();
    };
    const username = await ask("Username: ", flags.username);
    const password = flags["password-stdin"]
      ? (await readLine(context)).replace(/\r$/, "")
      : await askHidden(() => ask("Password: ", flags.password), context);
    if (username === "" || password === "") throw new StatusError("Error: Password Required");
    const key = registryKey(args[0]);
    const client = await context.client();
    const answer = await client.login(key, { username, password }, context.signal).catch((error: unknown) => {
      if (error instanceof NotImplementedError) return null;
      throw error;
    });
    let kept;
    try {
      kept = await keepAuth(context, key, { username, password, identityToken: answer?.IdentityToken ?? "" });
    } catch (error) {
      throw new StatusError(`Error saving credentials: ${messageOf(error)}`);
    }
    if (kept.inPlainText) {
      context.stderr.write(`\nWARNING! Your credentials are stored unencrypted in '${context.configFolder}/config.json'.\n`);
      context.stderr.write("Configure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n");
    }
    if (!answer) context.stderr.write("The registry could not be asked whether they are right: the first pull or push will tell.\n");
    context.stdout.write(`${answer ? answer.Status : "Login saved"}\n`);
    return 0;
  },
});

/** What is typed is not shown while `ask` runs. */
async function askHidden(
  ask: () => Promise<string>,
  { stdin, stdout }: { stdin: { isTTY?: boolean; setRawMode?(raw: boolean): unknown }; stdout: NodeJS.WritableStream },
): Promise<string> {
  if (stdin.isTTY !== true) return ask();
  stdin.setRawMode?.(true);
  try {
    return await ask();
  } finally {
    stdin.setRawMode?.(false);
    stdout.write("\n");
  }
}
