import type { EventMessage } from "../api/types.ts";
import { messageOf } from "../../base/errors.ts";
import { StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { filter, string } from "./flags/flags.ts";
import { FORMAT_USAGE } from "./flags/flag-usage-texts.ts";
import { parseMoment } from "./flags/moment.ts";
import { localRfc3339 } from "./format/local-time.ts";

/** `docker events`: what happens to containers, images, networks and volumes, a line each. */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    filter: filter("Filter output based on conditions provided", { short: "f" }),
    format: string(FORMAT_USAGE),
    since: string("Show all events created since timestamp"),
    until: string("Stream events until this timestamp"),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const now = Date.now();
    const since = flags.since === "" ? null : parseMoment(flags.since, now);
    const until = flags.until === "" ? null : parseMoment(flags.until, now);
    const format = await formatter(flags.format);
    const client = await context.client();
    for await (const event of await client.events({ since, until, filters: flags.filter, signal: context.signal })) {
      context.stdout.write(`${format(event)}\n`);
    }
    return 0;
  },
});

const blankEvent: EventMessage = {
  Type: "container",
  Action: "",
  Actor: { ID: "", Attributes: {} },
  scope: "local",
  time: 0,
  timeNano: 0,
};

async function formatter(format: string): Promise<(event: EventMessage) => string> {
  if (format === "") return describe;
  if (format === "json") return (event) => JSON.stringify(event);
  const { compileTemplate } = await import("./template/template.ts");
  const { eventValue } = await import("./format/event-value.ts");
  try {
    const template = compileTemplate(format);
    // A field that events do not have is said before the first event comes.
    template.execute(eventValue(blankEvent));
    return (event) => template.execute(eventValue(event));
  } catch (error) {
    throw new StatusError(`Error parsing format: ${messageOf(error)}`, 64);
  }
}

function describe({ Type, Action, Actor, timeNano, time }: EventMessage): string {
  const attributes = Object.entries(Actor.Attributes)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  // JSON's numbers hold no nanoseconds of this century, but its microseconds.
  const micros = timeNano > 0 ? Math.round(timeNano / 1000) : time * 1e6;
  const when = localRfc3339(Math.floor(micros / 1e6));
  const fraction = `${String(micros % 1e6).padStart(6, "0")}000`;
  return `${when.slice(0, 19)}.${fraction}${when.slice(19)} ${Type} ${Action} ${Actor.ID}${attributes.length > 0 ? ` (${attributes.join(", ")})` : ""}`;
}
