import { describeError } from "./cli-errors.ts";
import { defineCommand, type CommandContext } from "./command.ts";
import { bool, string } from "./flags/flags.ts";
import { TABLE_FORMAT_USAGE } from "./flags/flag-usage-texts.ts";
import { statsListing, type StatsRow, type StatsSample } from "./format/stats-listing.ts";
import { writeList } from "./format/write-list.ts";

const CLEAR_SCREEN = "\x1b[2J\x1b[H";
const REFRESH_MS = 500;

/** `docker stats`: the containers' use of resources, once or until interrupted. */
export const command = defineCommand({
  use: "[OPTIONS] [CONTAINER...]",
  flags: {
    all: bool("Show all containers (default shows just running)", { short: "a" }),
    format: string(TABLE_FORMAT_USAGE),
    "no-stream": bool("Disable streaming stats and only pull the first result"),
    "no-trunc": bool("Do not truncate output"),
  },
  args: { min: 0 },
  completes: ["running-containers"],
  async run({ flags, args }, context) {
    const client = await context.client();
    const named = args.length > 0 ? args : (await client.listContainers({ all: flags.all })).map(({ Id }) => Id);
    const rows = new Map<string, StatsRow>(named.map((container) => [container, { container, sample: null }]));
    const listing = statsListing({ truncate: !flags["no-trunc"] });
    const print = (): Promise<void> => writeList(context.stdout, listing, [...rows.values()], { format: flags.format, quiet: false });
    const stream = !flags["no-stream"];
    const follow = async (container: string): Promise<void> => {
      for await (const sample of await client.containerStats<StatsSample>(container, { stream }, context.signal)) {
        rows.set(container, { container, sample });
      }
    };
    const following = Promise.allSettled(named.map(follow));
    if (stream) await refresh(following, context, print);
    const failures = (await following).filter((result) => result.status === "rejected");
    if (failures.length === 0) {
      await print();
      return 0;
    }
    for (const { reason } of failures) context.stderr.write(`${describeError(reason)}\n`);
    return 1;
  },
});

/** Prints anew every half second until every stream has ended. */
async function refresh(following: Promise<unknown>, context: CommandContext, print: () => Promise<void>): Promise<void> {
  const end = following.then(() => true);
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const tick = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, REFRESH_MS, false);
    });
    const ended = await Promise.race([end, tick]);
    clearTimeout(timer);
    if (ended) return;
    if (context.stdout.isTTY === true) context.stdout.write(CLEAR_SCREEN);
    await print();
  }
}
