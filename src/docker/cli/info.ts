import { describeError, StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { string } from "./flags/flags.ts";
import { FORMAT_USAGE } from "./flags/flag-usage-texts.ts";
import { serverInfo } from "./format/server-info.ts";
import { writeObject } from "./render-object.ts";
import { clientVersion } from "./version.ts";
import { slipwayVersion } from "./version-line.ts";

/** `docker info`: this client, and the engine. */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: { format: string(FORMAT_USAGE, { short: "f" }) },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    let info: Readonly<Record<string, unknown>> | null = null;
    let complaint = "";
    try {
      info = await (await context.client()).info();
    } catch (error) {
      complaint = describeError(error);
    }
    if (flags.format !== "") {
      const { ApiVersion: _, ...version } = clientVersion(null);
      const object = {
        ...info,
        ...(complaint !== "" && { ServerErrors: [] }),
        ClientInfo: { Debug: false, ...version, Plugins: [], Warnings: null },
      };
      // A template may not ask for it, so it is told at once.
      if (complaint !== "") context.stderr.write(`${complaint}\n`);
      await writeObject(context.stdout, flags.format, object, { name: "", type: "system.dockerInfo" });
      return complaint === "" ? 0 : 1;
    }
    context.stdout.write(`Client:\n Version:    ${slipwayVersion()}\n Context:    default\n Debug Mode: false\n\nServer:\n`);
    if (!info) {
      throw new StatusError(complaint);
    }
    const { text, warnings } = serverInfo(info);
    context.stdout.write(text);
    context.stderr.write(warnings.map((warning) => `${warning}\n`).join(""));
    return 0;
  },
});
