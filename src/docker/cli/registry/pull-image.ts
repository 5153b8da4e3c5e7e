import { familiarName, withDefaultTag, type Reference } from "../../../oci/reference.ts";
import type { JsonMessage } from "../../api/types.ts";
import type { CommandContext } from "../command.ts";
import { registryAuth } from "./registry-auth.ts";

/** Begins to pull `reference` with the user's login for its registry. */
export async function startPull(
  reference: Reference,
  options: { platform: string; allTags?: boolean },
  context: CommandContext,
): Promise<AsyncIterable<JsonMessage>> {
  const client = await context.client();
  const { tag = "", digest } = withDefaultTag(reference);
  const auth = registryAuth(context, reference.domain);
  const wanted = options.allTags ? "" : (digest ?? tag);
  return client.pullImage({ image: familiarName(reference), tag: wanted, platform: options.platform, auth }, context.signal);
}
