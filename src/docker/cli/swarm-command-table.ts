import type { Command } from "./command.ts";
import type { CommandEntry, CommandGroup } from "./command-table.ts";

type Commands = Readonly<Record<string, Command>>;

/** Entries of commands that share a file: a name, a line in the lists, other names. The file exports them by name, `joinToken` for `join-token`. */
function entries(
  load: () => Promise<Commands>,
  rows: readonly (readonly [name: string, short: string, ...more: string[]])[],
): readonly CommandEntry[] {
  return rows.map(([name, short, ...aliases]) => ({
    name,
    short,
    ...(aliases.length > 0 && { aliases }),
    load: async () => {
      const command = (await load())[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
      if (command === undefined) throw new RangeError(`no command ${name}`);
      return { command };
    },
  }));
}

const plugin = (): Promise<Commands> => import("./plugin/plugin.ts");

/** `docker plugin …` */
export const pluginGroup: CommandGroup = {
  name: "plugin",
  short: "Manage plugins",
  commands: [
    {
      name: "create",
      short: "Create a plugin from a rootfs and configuration. Plugin data directory must contain config.json and rootfs directory.",
      load: () => import("./plugin/create.ts"),
    },
    { name: "ls", short: "List plugins", aliases: ["list"], load: () => import("./plugin/ls.ts") },
    ...entries(plugin, [
      ["disable", "Disable a plugin"],
      ["enable", "Enable a plugin"],
      ["inspect", "Display detailed information on one or more plugins"],
      ["install", "Install a plugin"],
      ["push", "Push a plugin to a registry"],
      ["rm", "Remove one or more plugins", "remove"],
      ["set", "Change settings for a plugin"],
      ["upgrade", "Upgrade an existing plugin"],
    ]),
  ],
};

/** What a swarm's manager answers: `docker node …` */
export const swarmGroups: readonly CommandGroup[] = [
  {
    name: "config",
    short: "Manage Swarm configs",
    commands: entries(
      () => import("./swarm/config.ts"),
      [
        ["create", "Create a config from a file or STDIN"],
        ["inspect", "Display detailed information on one or more configs"],
        ["ls", "List configs", "list"],
        ["rm", "Remove one or more configs", "remove"],
      ],
    ),
  },
  {
    name: "node",
    short: "Manage Swarm nodes",
    commands: entries(
      () => import("./swarm/node.ts"),
      [
        ["demote", "Demote one or more nodes from manager in the swarm"],
        ["inspect", "Display detailed information on one or more nodes"],
        ["ls", "List nodes in the swarm", "list"],
        ["promote", "Promote one or more nodes to manager in the swarm"],
        ["ps", "List tasks running on one or more nodes, defaults to current node"],
        ["rm", "Remove one or more nodes from the swarm", "remove"],
        ["update", "Update a node"],
      ],
    ),
  },
  {
    name: "secret",
    short: "Manage Swarm secrets",
    commands: entries(
      () => import("./swarm/secret.ts"),
      [
        ["create", "Create a secret from a file or STDIN as content"],
        ["inspect", "Display detailed information on one or more secrets"],
        ["ls", "List secrets", "list"],
        ["rm", "Remove one or more secrets", "remove"],
      ],
    ),
  },
  {
    name: "service",
    short: "Manage Swarm services",
    commands: entries(
      () => import("./swarm/service.ts"),
      [
        ["create", "Create a new service"],
        ["inspect", "Display detailed information on one or more services"],
        ["logs", "Fetch the logs of a service or task"],
        ["ls", "List services", "list"],
        ["ps", "List the tasks of one or more services"],
        ["rm", "Remove one or more services", "remove"],
        ["rollback", "Revert changes to a service's configuration"],
        ["scale", "Scale one or multiple replicated services"],
        ["update", "Update a service"],
      ],
    ),
  },
  {
    name: "stack",
    short: "Manage Swarm stacks",
    commands: entries(
      () => import("./swarm/stack.ts"),
      [
        ["config", "Outputs the final config file, after doing merges and interpolations"],
        ["deploy", "Deploy a new stack or update an existing stack", "up"],
        ["ls", "List stacks", "list"],
        ["ps", "List the tasks in the stack"],
        ["rm", "Remove one or more stacks", "remove", "down"],
        ["services", "List the services in the stack"],
      ],
    ),
  },
  {
    name: "swarm",
    short: "Manage Swarm",
    commands: entries(
      () => import("./swarm/swarm.ts"),
      [
        ["ca", "Display and rotate the root CA"],
        ["init", "Initialize a swarm"],
        ["join", "Join a swarm as a node and/or manager"],
        ["join-token", "Manage join tokens"],
        ["leave", "Leave the swarm"],
        ["unlock", "Unlock swarm"],
        ["unlock-key", "Manage the unlock key"],
        ["update", "Update the swarm"],
      ],
    ),
  },
];
