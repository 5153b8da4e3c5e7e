import { describeError, StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { string } from "./flags/flags.ts";
import { FORMAT_USAGE } from "./flags/flag-usage-texts.ts";
import { writeObject } from "./render-object.ts";
import { slipwayVersion } from "./version-line.ts";

/** The API version that this client is written for. */
const CLIENT_API_VERSION = "1.47";

interface Component {
  readonly Name: string;
  readonly Version: string;
  readonly Details?: Readonly<Record<string, string>>;
}

type Versions = Readonly<Record<string, unknown>>;

/** `docker version`: this client, and the engine. */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: { format: string(FORMAT_USAGE, { short: "f" }) },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    let server: Versions | null = null;
    let complaint = "";
    try {
      server = await (await context.client()).version();
    } catch (error) {
      complaint = describeError(error);
    }
    const client = clientVersion(server);
    if (flags.format === "") context.stdout.write(clientBlock(client) + (server ? `\n${serverBlock(server)}` : ""));
    else {
      const names = { name: "version", type: "system.versionInfo", types: { Client: "system.clientVersion", Server: "*types.Version" } };
      await writeObject(context.stdout, flags.format, { Client: client, Server: server }, names);
    }
    if (complaint !== "") throw new StatusError(complaint);
    return 0;
  },
});

/** What this client is; with an older engine it speaks that one's version. */
export function clientVersion(server: Versions | null): Readonly<Record<string, string>> {
  const spoken = (server?.["ApiVersion"] as string | undefined) ?? CLIENT_API_VERSION;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return {
    Version: slipwayVersion(),
    ApiVersion: minorOf(spoken) < minorOf(CLIENT_API_VERSION) ? spoken : CLIENT_API_VERSION,
    DefaultAPIVersion: CLIENT_API_VERSION,
    GitCommit: "",
    GoVersion: "",
    Os: process.platform,
    Arch: arch,
    BuildTime: "",
    Context: "default",
  };
}

function minorOf(version: string): number {
  return Number(version.split(".")[1] ?? 0);
}

function clientBlock(client: Readonly<Record<string, string>>): string {
  const { ApiVersion = "", DefaultAPIVersion = "" } = client;
  const downgraded = ApiVersion === DefaultAPIVersion ? "" : ` (downgraded from ${DefaultAPIVersion})`;
  return block("Client:", 1, 20, [
    ["Version", client["Version"]],
    ["API version", `${ApiVersion}${downgraded}`],
    ["OS/Arch", `${client["Os"]}/${client["Arch"]}`],
    ["Context", client["Context"]],
  ]);
}

function serverBlock(server: Versions): string {
  const platform = (server["Platform"] as { Name?: string } | undefined)?.Name ?? "";
  const components = (server["Components"] ?? []) as readonly Component[];
  const known =
    components.length > 0
      ? components
      : [{ Name: "Engine", Version: String(server["Version"]), Details: server as Record<string, string> }];
  const blocks = known.map(({ Name, Version, Details = {} }) => {
    const engine = Name === "Engine";
    const detail = (key: string): string => Details[key] ?? (server[key] as string | undefined) ?? "";
    const lines: [string, string | undefined][] = engine
      ? [
          ["Version", Version],
          ["API version", `${detail("ApiVersion")} (minimum version ${detail("MinAPIVersion")})`],
          ["Go version", Details["GoVersion"]],
          ["Git commit", Details["GitCommit"]],
          ["Built", builtAt(Details["BuildTime"])],
          ["OS/Arch", `${detail("Os")}/${detail("Arch")}`],
          ["Experimental", Details["Experimental"] ?? "false"],
        ]
      : [["Version", Version], ...Object.entries(Details).toSorted(([a], [b]) => (a < b ? -1 : 1))];
    // What an engine says nothing about is left out, but containerd's and runc's commit may be empty.
    return block(
      ` ${Name}:`,
      2,
      20,
      lines.filter(([, value]) => !engine || (value !== undefined && value !== "")),
    );
  });
  return `Server:${platform === "" ? "" : ` ${platform}`}\n${blocks.join("")}`;
}

function block(title: string, indent: number, width: number, lines: readonly (readonly [string, string | boolean | undefined])[]): string {
  return [title, ...lines.map(([name, value]) => `${" ".repeat(indent)}${`${name}:`.padEnd(width - indent)}${value ?? ""}`), ""].join("\n");
}

/** `2026-05-07T21:09:36.000000000+00:00` as `Thu May  7 21:09:36 2026`. */
function builtAt(text: string | undefined): string {
  const date = new Date(text ?? "");
  if (text === undefined || text === "" || Number.isNaN(date.getTime())) return text ?? "";
  const [weekday = "", month = "", , time = "", year = ""] = date
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, "$1 $3 $2 $5 $4")
    .split(" ");
  return `${weekday} ${month} ${String(date.getUTCDate()).padStart(2)} ${time} ${year}`;
}
