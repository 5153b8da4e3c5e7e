import type { CommandEntry } from "./command-table.ts";

/** Also as `docker builder build`. */
export const build: CommandEntry = { name: "build", short: "Build an image from a Dockerfile", load: () => import("./build.ts") };
const events: CommandEntry = { name: "events", short: "Get real time events from the server", load: () => import("./events.ts") };
const importImage: CommandEntry = {
  name: "import",
  short: "Import the contents from a tarball to create a filesystem image",
  load: () => import("./import.ts"),
};
const load: CommandEntry = { name: "load", short: "Load an image from a tar archive or STDIN", load: () => import("./load.ts") };
const pull: CommandEntry = { name: "pull", short: "Download an image from a registry", load: () => import("./pull.ts") };
const push: CommandEntry = { name: "push", short: "Upload an image to a registry", load: () => import("./push.ts") };
const save: CommandEntry = {
  name: "save",
  short: "Save one or more images to a tar archive (streamed to STDOUT by default)",
  load: () => import("./save.ts"),
};

/** As `docker container rm` it has another name besides. */
export const rmContainer: CommandEntry = { name: "rm", short: "Remove one or more containers", load: () => import("./rm.ts") };

/** What is done to containers: `docker run` and `docker container run` alike. */
export const containerActions: readonly CommandEntry[] = [
  {
    name: "attach",
    short: "Attach local standard input, output, and error streams to a running container",
    load: () => import("./attach.ts"),
  },
  { name: "commit", short: "Create a new image from a container's changes", load: () => import("./commit.ts") },
  { name: "cp", short: "Copy files/folders between a container and the local filesystem", load: () => import("./cp.ts") },
  { name: "create", short: "Create a new container", load: () => import("./create.ts") },
  { name: "diff", short: "Inspect changes to files or directories on a container's filesystem", load: () => import("./diff.ts") },
  { name: "exec", short: "Execute a command in a running container", load: () => import("./exec.ts") },
  { name: "export", short: "Export a container's filesystem as a tar archive", load: () => import("./export.ts") },
  { name: "kill", short: "Kill one or more running containers", load: () => import("./kill.ts") },
  { name: "logs", short: "Fetch the logs of a container", load: () => import("./logs.ts") },
  { name: "pause", short: "Pause all processes within one or more containers", load: () => import("./pause.ts") },
  { name: "port", short: "List port mappings or a specific mapping for the container", load: () => import("./port.ts") },
  { name: "rename", short: "Rename a container", load: () => import("./rename.ts") },
  { name: "restart", short: "Restart one or more containers", load: () => import("./restart.ts") },
  rmContainer,
  { name: "run", short: "Create and run a new container from an image", load: () => import("./run.ts") },
  { name: "start", short: "Start one or more stopped containers", load: () => import("./start.ts") },
  {
    name: "stats",
    short: "Display a live stream of container(s) resource usage statistics",
    load: () => import("./stats.ts"),
  },
  { name: "stop", short: "Stop one or more running containers", load: () => import("./stop.ts") },
  { name: "top", short: "Display the running processes of a container", load: () => import("./top.ts") },
  { name: "unpause", short: "Unpause all processes within one or more containers", load: () => import("./unpause.ts") },
  { name: "update", short: "Update configuration of one or more containers", load: () => import("./update.ts") },
  { name: "wait", short: "Block until one or more containers stop, then print their exit codes", load: () => import("./wait.ts") },
];

/** Images in and out, also as `docker image …`. */
export const imageActions: readonly CommandEntry[] = [build, importImage, load, pull, push, save];

/** Also as `docker system events`. */
export const systemActions: readonly CommandEntry[] = [events];
