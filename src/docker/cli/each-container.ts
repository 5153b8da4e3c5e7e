import type { UnixClient } from "../client/unix-client.ts";
import { describeError } from "./cli-errors.ts";
import { forEachName, type CommandContext } from "./command.ts";

/** Does one thing to every named container and prints the names where it was done; failures are told and make the exit code 1. */
export async function eachContainer(
  names: readonly string[],
  context: CommandContext,
  act: (client: UnixClient, name: string) => Promise<unknown>,
  describe: (error: unknown, name: string) => string = describeError,
): Promise<number> {
  const client = await context.client();
  let current = "";
  return forEachName(
    names,
    context,
    async (name) => {
      current = name;
      await act(client, name);
      context.stdout.write(`${name}\n`);
    },
    (error) => describe(error, current),
  );
}
