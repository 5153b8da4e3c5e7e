import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf } from "../../base/errors.ts";
import { UnixClient } from "../../docker/client/unix-client.ts";
import { type DaemonKind, type DockerdProcess, startDaemon } from "./dockerd-process.ts";
import { added, engineState, restoreState } from "./engine-state.ts";
import { lasting, leftoversOf } from "./leftovers.ts";
import { killMarked, stepProcesses } from "./process-group.ts";
import { type ImageSource, provideImages, withTag } from "./provide-images.ts";
import { inDirectory, stepEnvironment } from "./step-environment.ts";
import { type Target, TargetError, type TargetRoot } from "./target.ts";
import { keepForGood, makeWorkspace, removeTree } from "./workspace.ts";

export interface DockerdTargetOptions {
  readonly kind: DaemonKind;
  readonly images: ImageSource;
  /** `DOCKER_HOST` of a daemon that runs already; null to start one of our own. */
  readonly dockerHost: string | null;
  /** The program, with its first arguments, that steps have as `docker`; null for the host's. */
  readonly client: readonly string[] | null;
}

/**
 * A real dockerd, or podman's service: one for the whole run, scenarios one after the other, and what a scenario made is removed after it.
 * Our own daemon is in namespaces that steps join; beside somebody else's, steps run on the host as they are.
 */
export class DockerdTarget implements Target {
  readonly maxRoots = 1;
  readonly #options: DockerdTargetOptions;
  #daemon: Promise<Daemon> | null = null;
  #roots = 0;

  constructor(options: DockerdTargetOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<TargetRoot> {
    this.#daemon ??= this.#start(signal);
    const daemon = await this.#daemon;
    const workspace = join(daemon.workspace, String(++this.#roots));
    const workdir = join(workspace, "work");
    await mkdir(workdir, { recursive: true });
    await mkdir(join(workspace, "home"));
    const before = await engineState(daemon.client);
    const marker = `${basename(daemon.workspace)}-${this.#roots}`;
    /** Name → id, of the images that we brought. */
    const provided = new Map<string, string>();
    return {
      engine: { kind: this.#options.kind, version: daemon.version, tier: this.#options.kind },
      client: daemon.client,
      workdir,
      hostWorkdir: workdir,
      outputBytes: null,
      endSteps: null,
      env: stepEnvironment({
        clientDirectory: daemon.clientDirectory,
        home: join(workspace, "home"),
        dockerHost: daemon.client.host,
      }),
      inherited: before,
      marker,
      died: daemon.died,
      enter: (argv) => {
        const [file, ...args] = inDirectory(workdir, argv);
        if (daemon.pid === null) return [file, ...args];
        return ["nsenter", "--target", String(daemon.pid), "--mount", "--net", "--ipc", "--pid", "--", file, ...args];
      },
      provideImages: async (images, abort) => {
        // What was built for this scenario alone goes with it.
        const { tags: earlier } = await engineState(daemon.client);
        await provideImages(daemon.client, images, this.#options.images, abort);
        const { tags } = await engineState(daemon.client);
        for (const name of images.map(withTag)) {
          const id = tags.get(name);
          if (id !== undefined && !earlier.has(name)) provided.set(name, id);
        }
      },
      close: async ({ keep }) => {
        await killMarked(marker);
        // The images that we brought stay, for the next scenario.
        const tags = new Map([...before.tags, ...provided]);
        await restoreState(daemon.client, { ...before, tags, images: new Set([...before.images, ...provided.values()]) });
        if (keep) return await keepForGood(workspace);
        await removeTree(workspace);
        return null;
      },
      stepProcesses: () => lasting(() => stepProcesses(marker)),
      leftovers: async () => [...added(before, await engineState(daemon.client)), ...(await lasting(() => leftoversOf(workspace)))],
    };
  }

  async close(): Promise<void> {
    const daemon = await this.#daemon?.catch(() => null);
    await daemon?.stop();
  }

  async #start(signal: AbortSignal): Promise<Daemon> {
    const workspace = await makeWorkspace();
    const { kind, dockerHost, client } = this.#options;
    try {
      const clientDirectory = client === null ? null : await makeClient(join(workspace, "bin"), client);
      if (dockerHost !== null) return { ...(await this.#connect(dockerHost, workspace)), clientDirectory };
      const process = await startDaemon(kind, workspace, basename(workspace), signal);
      return { ...(await this.#describe(`unix://${process.socket}`)), ...own(process, workspace), clientDirectory };
    } catch (error) {
      await removeTree(workspace);
      throw error;
    }
  }

  async #connect(host: string, workspace: string): Promise<Omit<Daemon, "clientDirectory">> {
    const described = await this.#describe(host).catch((error: unknown) => {
      throw new TargetError(`no ${this.#options.kind} answers at ${host}: ${messageOf(error)}`, { cause: error });
    });
    const atStart = await engineState(described.client);
    const stop = async (): Promise<void> => {
      await restoreState(described.client, atStart);
      await removeTree(workspace);
    };
    return { ...described, workspace, pid: null, died: new Promise(() => undefined), stop };
  }

  async #describe(host: string): Promise<Pick<Daemon, "client" | "version">> {
    const client = new UnixClient(host);
    const { Version } = await client.version();
    return { client, version: String(Version) };
  }
}

interface Daemon {
  readonly client: UnixClient;
  readonly version: string;
  /** Holds every root's files, and the daemon's when it is ours. */
  readonly workspace: string;
  readonly pid: number | null;
  /** Where the `docker` of steps is; null: on the host's PATH. */
  readonly clientDirectory: string | null;
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

/** A directory with a `docker` that runs `program`. */
async function makeClient(directory: string, program: readonly string[]): Promise<string> {
  await mkdir(directory);
  const words = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  await writeFile(join(directory, "docker"), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  return directory;
}

function own(process: DockerdProcess, workspace: string): Pick<Daemon, "workspace" | "pid" | "died" | "stop"> {
  const stop = async (): Promise<void> => {
    await process.stop();
    await removeTree(workspace);
  };
  return { workspace, pid: process.pid, died: process.died, stop };
}
