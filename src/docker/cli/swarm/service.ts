import { StatusError } from "../cli-errors.ts";
import { inspectCommand, listCommand, managerCommand } from "./ask-manager.ts";
import { CREATE_FLAGS } from "./service-create-flags.ts";
import { UPDATE_FLAGS } from "./service-update-flags.ts";
import { TASK_FLAGS } from "./task-flags.ts";

const MODES = ["replicated", "global", "replicated-job", "global-job"];

/** `docker service …` */
export const create = managerCommand({
  use: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
  args: { min: 1 },
  interspersed: false,
  flags: CREATE_FLAGS,
  check({ flags, given }) {
    const mode = (flags["mode"] as string) || "replicated";
    if (!MODES.includes(mode)) throw new StatusError(`Unknown mode: ${mode}, only replicated and global supported`);
    if (mode.startsWith("global") && given.has("replicas"))
      throw new StatusError("replicas can only be used with replicated or replicated-job mode");
  },
});
export const inspect = inspectCommand("SERVICE [SERVICE...]", ({ flags }) => {
  if (flags["pretty"] === true && flags["format"] !== "") throw new StatusError("--format is incompatible with human friendly format");
});
export const logs = managerCommand({
  use: "[OPTIONS] SERVICE|TASK",
  args: { min: 1, max: 1 },
  flags: `
--details  Show extra details provided to logs
-f, --follow  Follow log output
--no-resolve  Do not map IDs to Names in output
--no-task-ids  Do not include task IDs in output
--no-trunc  Do not truncate output
--raw  Do not neatly format logs
--since string  Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)
-n, --tail string  Number of lines to show from the end of the logs (default "all")
-t, --timestamps  Show timestamps`,
});
export const ls = listCommand();
export const ps = managerCommand({
  use: "[OPTIONS] SERVICE [SERVICE...]",
  args: { min: 1 },
  flags: TASK_FLAGS,
  format: "Pretty-print tasks using a Go template",
});
export const rm = managerCommand({ use: "SERVICE [SERVICE...]", args: { min: 1 }, eachWord: true });
const WAITING = `
-d, --detach  Exit immediately instead of waiting for the service to converge
-q, --quiet  Suppress progress output`;
export const rollback = managerCommand({ use: "[OPTIONS] SERVICE", args: { min: 1, max: 1 }, flags: WAITING });
export const scale = managerCommand({
  use: "SERVICE=REPLICAS [SERVICE=REPLICAS...]",
  args: { min: 1 },
  flags: "-d, --detach  Exit immediately instead of waiting for the service to converge",
  eachWord: true,
  prefix: (word) => `${word.split("=", 1).join("")}: `,
  check({ args }) {
    for (const word of args) {
      if (!word.includes("=")) {
        throw new StatusError(
          `invalid scale specifier '${word}'.\nSee 'docker service scale --help'.\n\nUsage:  docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]\n\nScale one or multiple replicated services`,
        );
      }
      const [, service = "", replicas = ""] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
      if (!/^\d+$/.test(replicas))
        throw new StatusError(
          `${service}: invalid replicas value ${replicas}: strconv.ParseUint: parsing ${JSON.stringify(replicas)}: invalid syntax`,
        );
    }
  },
});
export const update = managerCommand({ use: "[OPTIONS] SERVICE", args: { min: 1, max: 1 }, flags: UPDATE_FLAGS });
