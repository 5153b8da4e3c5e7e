import { argument, defineCommand } from "./command.ts";

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
    context.stdout.write(columns([Titles, ...Processes]));
    return 0;
  },
});

/** Docker's layout of this one table: columns of 20 and more, three apart. */
function columns(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(20, ...rows.map((row) => (row[column] ?? "").length + 3));
  return rows
    .map((row) => `${row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(width(column)) : cell)).join("")}\n`)
    .join("");
}
