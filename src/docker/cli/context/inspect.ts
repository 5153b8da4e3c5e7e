import { defineCommand } from "../command.ts";
import { FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { string } from "../flags/flags.ts";
import { inspectObjects, type Inspected } from "../inspect-objects.ts";
import { checkContextName } from "./context-name.ts";

/** `docker context inspect`: the default one, without a name too. */
export const command = defineCommand({
  use: "[OPTIONS] [CONTEXT] [CONTEXT...]",
  flags: { format: string(FORMAT_USAGE, { short: "f" }) },
  args: { min: 0 },
  completes: ["none"],
  async run({ flags, args }, context) {
    const look = async (name: string): Promise<Inspected> => {
      checkContextName(name, context);
      return {
        type: "context.contextWithTLSListing",
        isTyped: true,
        json: {
          Name: name,
          Metadata: {},
          Endpoints: { docker: { Host: await context.host(), SkipTLSVerify: false } },
          TLSMaterial: {},
          Storage: { MetadataPath: "<IN MEMORY>", TLSPath: "<IN MEMORY>" },
        },
      };
    };
    return inspectObjects(args.length === 0 ? ["default"] : args, flags.format, look, context);
  },
});
