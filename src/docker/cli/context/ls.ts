import { defineCommand } from "../command.ts";
import { bool, string } from "../flags/flags.ts";
import { TABLE_FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { writeList, type Listing } from "../format/write-list.ts";

interface Context {
  readonly name: string;
  readonly description: string;
  readonly endpoint: string;
  readonly current: boolean;
}

/** `docker context ls`: there is one context, the default. */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    format: string(TABLE_FORMAT_USAGE),
    quiet: bool("Only show context names", { short: "q" }),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const item = { name: "default", description: "Current DOCKER_HOST based configuration", endpoint: await context.host(), current: true };
    await writeList(context.stdout, listing(flags.format === "" && !flags.quiet), [item], flags);
    if (context.env["DOCKER_HOST"]) {
      context.stderr.write(
        "Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either set the global --context flag, or unset DOCKER_HOST environment variable.\n",
      );
    }
    return 0;
  },
});

function listing(marked: boolean): Listing<Context> {
  return {
    type: "formatter.clientContextContext",
    quiet: "Name",
    columns: ["Name", "Description", "DockerEndpoint", "Error"],
    fields: {
      Name: { header: "NAME", value: ({ name, current }) => (marked && current ? `${name} *` : name) },
      Description: { header: "DESCRIPTION", value: ({ description }) => description },
      DockerEndpoint: { header: "DOCKER ENDPOINT", value: ({ endpoint }) => endpoint },
      Current: { header: "CURRENT", value: ({ current }) => current },
      Error: { header: "ERROR", value: () => "" },
    },
  };
}
