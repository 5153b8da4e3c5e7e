import { inspectCommand, listCommand, managerCommand } from "./ask-manager.ts";
import { TASK_FLAGS } from "./task-flags.ts";

/** `docker node …` */
export const demote = managerCommand({ use: "NODE [NODE...]", args: { min: 1 } });
export const inspect = inspectCommand("self|NODE [NODE...]");
export const ls = listCommand();
export const promote = managerCommand({ use: "NODE [NODE...]", args: { min: 1 } });
export const ps = managerCommand({
  use: "[OPTIONS] [NODE...]",
  args: { min: 0 },
  flags: TASK_FLAGS,
  format: "Pretty-print tasks using a Go template",
});
export const rm = managerCommand({
  use: "[OPTIONS] NODE [NODE...]",
  args: { min: 1 },
  flags: "-f, --force  Force remove a node from the swarm",
  eachWord: true,
});
export const update = managerCommand({
  use: "[OPTIONS] NODE",
  args: { min: 1, max: 1 },
  flags: `
--availability string  Availability of the node ("active", "pause", "drain")
--label-add list  Add or update a node label ("key=value")
--label-rm list  Remove a node label if exists
--role string  Role of the node ("worker", "manager")`,
});
