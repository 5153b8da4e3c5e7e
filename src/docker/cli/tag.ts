import { messageOf } from "../../base/errors.ts";
import { familiarName, parseReference, withDefaultTag } from "../../oci/reference.ts";
import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";

/** `docker tag SOURCE TARGET`: the target loses its old image, if it had one. */
export const command = defineCommand({
  use: "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
  flags: {},
  args: { min: 2, max: 2 },
  interspersed: false,
  completes: ["images", "images"],
  async run(options, context) {
    const source = checked(argument(options, 0));
    const target = withDefaultTag(parseReference(checked(argument(options, 1))));
    if (target.digest) throw new StatusError("refusing to create a tag with a digest reference");
    const client = await context.client();
    await client.tagImage(source, { repo: familiarName(target), tag: target.tag ?? "" });
    return 0;
  },
});

function checked(text: string): string {
  // An id is no reference, but a fine source.
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  try {
    parseReference(text);
  } catch (error) {
    throw new StatusError(`Error parsing reference: ${JSON.stringify(text)} is not a valid repository/tag: ${messageOf(error)}`);
  }
  return text;
}
