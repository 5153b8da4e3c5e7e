import { messageOf } from "../../base/errors.ts";
import { copyRaw, demultiplex } from "../client/multiplexed-stream.ts";
import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { bool, string } from "./flags/flags.ts";
import { parseMoment } from "./flags/moment.ts";

/** `docker logs`: what a container wrote, its two streams to ours. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER",
  flags: {
    details: bool("Show extra details provided to logs"),
    follow: bool("Follow log output", { short: "f" }),
    since: string('Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)'),
    tail: string("Number of lines to show from the end of the logs", { short: "n", initial: "all" }),
    timestamps: bool("Show timestamps", { short: "t" }),
    until: string('Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)'),
  },
  args: { min: 1, max: 1 },
  completes: ["containers"],
  async run(options, context) {
    const { flags } = options;
    const name = argument(options, 0);
    const client = await context.client();
    const container = await client.inspectContainer(name);
    const now = Date.now();
    const log = await client.containerLogs(
      container.Id,
      {
        follow: flags.follow,
        timestamps: flags.timestamps,
        details: flags.details,
        since: flags.since === "" ? null : momentOf("since", flags.since, now),
        until: flags.until === "" ? null : momentOf("until", flags.until, now),
        tail: /^\d+$/.test(flags.tail) ? Number(flags.tail) : null,
      },
      context.signal,
    );
    await (container.Config.Tty ? copyRaw(log, context.stdout) : demultiplex(log, context));
    return 0;
  },
});

function momentOf(flag: string, text: string, now: number): ReturnType<typeof parseMoment> {
  try {
    return parseMoment(text, now);
  } catch (error) {
    throw new StatusError(`invalid value for "${flag}": ${messageOf(error)}`);
  }
}
