import { chown, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Cleanup } from "../../base/cleanup.ts";
import { messageOf } from "../../base/errors.ts";
import { UnixClient } from "../../docker/client/unix-client.ts";
import { lasting, leftoversOf } from "./leftovers.ts";
import { killMarked, stepProcesses } from "./process-group.ts";
import { type ImageSource, provideImages } from "./provide-images.ts";
import { stepEnvironment } from "./step-environment.ts";
import type { SubmissionLimits } from "./submission-limits.ts";
import { aliveContainers, copyRoot, startAgain } from "./root-copy.ts";
import { type ClientKind, type FrozenRoot, type Target, TargetError, type TargetRoot } from "./target.ts";
import { keepForGood, makeWorkspace, removeTree } from "./workspace.ts";

/** What the harness asks of a new engine. */
export interface EmbeddedStart {
  readonly root: string;
  readonly store: string;
  /** For a root whose steps nobody has reason to trust. */
  readonly limits?: SubmissionLimits;
  /** With limits: the folders that containers may have bound, as seen from within. */
  readonly bindsWithin?: readonly string[];
}

/** A running engine, as far as the harness needs to know one. */
export interface EmbeddedEngine {
  /** On the host. */
  readonly socket: string;
  /** The ids that root in the engine's namespaces has on the host. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** How isolated its containers are. */
  readonly tier: string;
  /** As seen from within its namespaces: where `docker` is, and what it is to speak to. */
  readonly clientDirectory: string;
  readonly dockerHost: string;
  /** Resolves when everything of the engine is gone. */
  readonly exited: Promise<void>;
  /** The command that runs `command` in its namespaces; `cwd` and paths are as seen there. */
  enter(options: { readonly cwd: string; readonly command: readonly string[] }): readonly [string, ...string[]];
  /** The command that ends all processes which `enter` started; null when nothing tells them apart. */
  readonly endSteps: readonly [string, ...string[]] | null;
  /** Ends it at once, with its containers. Resolves as `exited`. */
  kill(): Promise<void>;
}

export interface EmbeddedTargetOptions {
  /** Starts an engine that dies with us. The harness knows no runtime, so the program's entry point gives it this. */
  readonly start: (options: EmbeddedStart) => Promise<EmbeddedEngine>;
  readonly images: ImageSource;
  readonly client: ClientKind;
  /** The image store, shared by the roots of a run and by runs; null for one that goes with the run. */
  readonly store: string | null;
  /** Given: steps are not to be trusted, and keep to these. */
  readonly limits?: SubmissionLimits;
}

// In the engine's namespaces /tmp is `tmp` of its root: the only place there that steps can write to.
const WORK = "/tmp/work";
const HOME = "/tmp/home";

/** Our own engine: one process for each root, which ends with everything in it. */
export class EmbeddedTarget implements Target {
  readonly maxRoots = Infinity;
  readonly #options: EmbeddedTargetOptions;
  #store: Promise<{ path: string; remove: () => Promise<void> }> | null = null;

  constructor(options: EmbeddedTargetOptions) {
    this.#options = options;
  }

  open(signal: AbortSignal): Promise<TargetRoot> {
    return this.#open(signal, () => Promise.resolve());
  }

  async openCopy(frozen: FrozenRoot, { last, signal }: { readonly last: boolean; readonly signal: AbortSignal }): Promise<TargetRoot> {
    const root = await this.#open(signal, (directory) => copyRoot(frozen, directory, last));
    try {
      await startAgain(root.client, frozen.alive);
      return root;
    } catch (error) {
      await root.close({ keep: false });
      throw new TargetError(`cannot start again what ran in the root that this one is a copy of: ${messageOf(error)}`, { cause: error });
    }
  }

  /** @param furnish makes what is to be in the root's directory, which is not there yet. */
  async #open(signal: AbortSignal, furnish: (directory: string) => Promise<void>): Promise<TargetRoot> {
    await using cleanup = new Cleanup();
    const { limits } = this.#options;
    const { path: store } = await (this.#store ??= this.#openStore());
    const workspace = await makeWorkspace();
    cleanup.defer(() => removeTree(workspace));
    const root = join(workspace, "root");
    await furnish(root);
    const engine = await this.#options
      .start({ root, store, ...(limits && { limits, bindsWithin: [WORK, HOME] }) })
      .catch((error: unknown) => {
        throw new TargetError(`cannot start the engine: ${messageOf(error)}`, { cause: error });
      });
    cleanup.defer(() => engine.kill());
    signal.throwIfAborted();
    for (const place of [WORK, HOME]) {
      const path = join(root, place);
      await mkdir(path, { recursive: true });
      if (process.getuid?.() === 0) await chown(path, engine.owner.uid, engine.owner.gid);
    }
    const client = new UnixClient(`unix://${engine.socket}`);
    const { Version } = await client.version();
    cleanup.keep();

    const marker = basename(workspace);
    let closing = false;
    const died = new Promise<string>((resolve) => {
      void engine.exited.then(() => {
        if (!closing) resolve(`its process is gone (its log was in ${join(root, "engine.log")})`);
      });
    });
    const end = async (): Promise<void> => {
      closing = true;
      await engine.kill();
      // Who joined the engine's namespaces is gone with them; this is for programs that were just about to.
      await killMarked(marker);
    };
    return {
      engine: { kind: "embedded", version: String(Version), tier: engine.tier },
      client,
      workdir: WORK,
      hostWorkdir: join(root, WORK),
      env: {
        ...stepEnvironment({
          clientDirectory: this.#options.client === "slipway" ? engine.clientDirectory : null,
          home: HOME,
          dockerHost: engine.dockerHost,
        }),
        // One step's `psFormat` or proxy would change what the next ones print.
        ...(limits && { DOCKER_CONFIG: "/run/slipway/docker" }),
      },
      outputBytes: limits?.outputBytes ?? null,
      endSteps: engine.endSteps,
      inherited: null,
      marker,
      died,
      enter: (command) => engine.enter({ cwd: WORK, command }),
      provideImages: (images, abort) => provideImages(client, images, this.#options.images, abort),
      stepProcesses: () => lasting(() => stepProcesses(marker)),
      leftovers: () => lasting(() => leftoversOf(workspace)),
      // What limits measure is one root's own.
      ...(limits === undefined && {
        freeze: async ({ keep }: { readonly keep: boolean }) => {
          const alive = await aliveContainers(client);
          await end();
          const kept = keep ? await keepForGood(workspace) : workspace;
          return {
            directory: join(kept, "root"),
            alive,
            remove: async () => {
              if (!keep) await removeTree(kept);
            },
          };
        },
      }),
      close: async ({ keep }) => {
        await end();
        if (keep) return await keepForGood(workspace);
        await removeTree(workspace);
        return null;
      },
    };
  }

  async close(): Promise<void> {
    const store = await this.#store?.catch(() => null);
    await store?.remove();
  }

  async #openStore(): Promise<{ path: string; remove: () => Promise<void> }> {
    const { store } = this.#options;
    if (store !== null) return { path: store, remove: () => Promise.resolve() };
    const workspace = await makeWorkspace();
    return { path: join(workspace, "store"), remove: () => removeTree(workspace) };
  }
}
