import { argument, defineCommand } from "./command.ts";
import { alignTabs } from "./format/tab-writer.ts";

/** `docker top`: a container's processes, as the host's `ps` with these options shows them. */
export const command = defineCommand({
  use: "CONTAINER [ps OPTIONS]",
  flags: {},
  args: { min: 1 },
  interspersed: false,
  completes: ["running-containers"],
  async run(options, context) {
    const client = await context.client();
    const { Titles, Processes } = await client.containerTop(argument(options, 0), options.args.slice(1).join(" "));
    context.stdout.write(alignTabs([Titles, ...Processes].map((cells) => `${cells.join("\t")}\n`).join("")));
    return 0;
  },
});
