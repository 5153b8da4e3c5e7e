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

const ps: CommandEntry = { name: "ps", short: "List containers", load: () => import("./ps.ts") };
const rmi: CommandEntry = { name: "rmi", short: "Remove one or more images", load: () => import("./rmi.ts") };
const tag: CommandEntry = {
  name: "tag",
  short: "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
  load: () => import("./tag.ts"),
};

/** `docker ps` … */
export const commands: readonly CommandEntry[] = [ps, rmi, tag];

/** `docker container ls` … */
export const groups: readonly CommandGroup[] = [
  { name: "container", short: "Manage containers", commands: [{ ...ps, name: "ls", aliases: ["ps", "list"] }] },
  { name: "image", short: "Manage images", commands: [{ ...rmi, name: "rm", aliases: ["remove"] }, tag] },
];
