import type { Command } from "./command.ts";

/** A command's name, its line in the lists, and the file it is in, which is only loaded when it is used: start-up stays short. */
export interface CommandEntry {
  readonly name: string;
  readonly short: string;
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  load(): Promise<{ readonly command: Command }>;
}

/** `docker container …` */
export interface CommandGroup {
  readonly name: string;
  readonly short: string;
  readonly commands: readonly CommandEntry[];
}

const history: CommandEntry = { name: "history", short: "Show the history of an image", load: () => import("./history.ts") };
const images: CommandEntry = { name: "images", short: "List images", load: () => import("./images.ts") };
const inspect: CommandEntry = {
  name: "inspect",
  short: "Return low-level information on Docker objects",
  load: () => import("./inspect.ts"),
};
const ps: CommandEntry = { name: "ps", short: "List containers", load: () => import("./ps.ts") };
const rmi: CommandEntry = { name: "rmi", short: "Remove one or more images", load: () => import("./rmi.ts") };
const tag: CommandEntry = {
  name: "tag",
  short: "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
  load: () => import("./tag.ts"),
};

/** `docker ps` … */
export const commands: readonly CommandEntry[] = [history, images, inspect, ps, rmi, tag];

/** `docker container ls` … */
export const groups: readonly CommandGroup[] = [
  {
    name: "container",
    short: "Manage containers",
    commands: [
      {
        name: "inspect",
        short: "Display detailed information on one or more containers",
        load: () => import("./container/inspect.ts"),
      },
      { ...ps, name: "ls", aliases: ["ps", "list"] },
    ],
  },
  {
    name: "image",
    short: "Manage images",
    commands: [
      history,
      { name: "inspect", short: "Display detailed information on one or more images", load: () => import("./image/inspect.ts") },
      { ...images, name: "ls", aliases: ["list"] },
      { ...rmi, name: "rm", aliases: ["remove"] },
      tag,
    ],
  },
  {
    name: "network",
    short: "Manage networks",
    commands: [
      { name: "inspect", short: "Display detailed information on one or more networks", load: () => import("./network/inspect.ts") },
    ],
  },
  {
    name: "volume",
    short: "Manage volumes",
    commands: [
      { name: "inspect", short: "Display detailed information on one or more volumes", load: () => import("./volume/inspect.ts") },
    ],
  },
];
