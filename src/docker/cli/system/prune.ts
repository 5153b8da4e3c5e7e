import { StatusError } from "../cli-errors.ts";
import { defineCommand } from "../command.ts";
import { confirm } from "../confirm.ts";
import { bool, filter } from "../flags/flags.ts";
import { humanSize } from "../format/human-units.ts";
import { pruneBuildCache, pruneContainers, pruneImages, pruneNetworks, pruneVolumes } from "../prune.ts";

/** `docker system prune`: containers, networks, volumes when asked, images, what builds kept. */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    all: bool("Remove all unused images not just dangling ones", { short: "a" }),
    filter: filter('Provide filter values (e.g. "label=<key>=<value>")'),
    force: bool("Do not prompt for confirmation", { short: "f" }),
    volumes: bool("Prune anonymous volumes"),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    if (flags.volumes && "until" in flags.filter) throw new StatusError('ERROR: The "until" filter is not supported with "--volumes"');
    if (!flags.force && !(await confirm(warning(flags), context))) return 0;
    const client = await context.client();
    const filters = flags.filter;
    let bytes = 0;
    for (const prune of [
      () => pruneContainers(client, filters),
      () => pruneNetworks(client, filters),
      ...(flags.volumes ? [() => pruneVolumes(client, filters, false)] : []),
      () => pruneImages(client, filters, flags.all),
      () => pruneBuildCache(client, filters, flags.all),
    ]) {
      const done = await prune();
      context.stdout.write(done.report);
      bytes += done.bytes;
    }
    context.stdout.write(`Total reclaimed space: ${humanSize(bytes)}\n`);
    return 0;
  },
});

function warning({
  all,
  volumes,
  filter: filters,
}: {
  all: boolean;
  volumes: boolean;
  filter: Readonly<Record<string, readonly string[]>>;
}): string {
  const removed = [
    "all stopped containers",
    "all networks not used by at least one container",
    ...(volumes ? ["all anonymous volumes not used by at least one container"] : []),
    all ? "all images without at least one container associated to them" : "all dangling images",
    all ? "all build cache" : "unused build cache",
  ];
  const conditions = Object.entries(filters).flatMap(([key, values]) => values.map((value) => `${key}=${value}`));
  const filtered = conditions.length === 0 ? "" : `\n  Items to be pruned will be filtered with:\n${bullets(conditions.toSorted())}\n`;
  return `WARNING! This will remove:\n${bullets(removed)}\n${filtered}\nAre you sure you want to continue?`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}`).join("\n");
}
