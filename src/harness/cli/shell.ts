import { spawn } from "node:child_process";
import { Option } from "commander";
import { messageOf } from "../../base/errors.ts";
import type { ClientKind, EngineKind, Target, TargetRoot } from "../targets/target.ts";
import { ENGINE_KINDS } from "../targets/target.ts";
import { collect, newCommand, type NotRun, parse } from "./command-line.ts";
import { exitCodes } from "./exit-codes.ts";

export interface ShellOptions {
  readonly engine: EngineKind;
  readonly client: ClientKind;
  readonly images: readonly string[];
  /** A command line instead of a shell to type in; null for that. */
  readonly command: string | null;
  readonly keep: boolean;
}

const HELP = `
Everything is as a scenario's steps have it: an engine of its own, an empty work directory, docker on PATH, a read-only host. It goes when the shell ends.

Examples:
  slipway shell
  slipway shell --image busybox -c 'docker run --rm busybox echo hi'

The exit code is the shell's; 3 when the engine cannot be started.
`;

/** Reads the words after `slipway shell`. */
export function parseShellOptions(argv: readonly string[]): ShellOptions | NotRun {
  const command = newCommand("shell", "A fresh root to try commands in, with docker on PATH.")
    .option("-i, --image <name>", "an image to have there; may be repeated", collect, [])
    .option("-c, --command <line>", "run this line, and leave")
    .addOption(new Option("-e, --engine <kind>", "where containers run").choices(ENGINE_KINDS).default("embedded"))
    .addOption(new Option("--client <kind>", "whose docker command; the engine's own when absent").choices(["slipway", "host"]))
    .option("-k, --keep", "keep the root's files, and say where they are", false)
    .addHelpText("after", HELP);
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const {
    image,
    engine,
    client,
    keep,
    command: line,
  } = command.opts<{
    image: readonly string[];
    command?: string;
    engine: EngineKind;
    client?: ClientKind;
    keep: boolean;
  }>();
  return {
    engine,
    client: client ?? (engine === "embedded" ? "slipway" : "host"),
    images: image.length > 0 ? image : ["busybox"],
    command: line ?? null,
    keep,
  };
}

/** `slipway shell`: the exit code is the shell's. The root is removed whatever happened. */
export async function shell(
  options: ShellOptions,
  context: {
    readonly stderr: (text: string) => void;
    readonly signal: AbortSignal;
    /** Told when Ctrl-C is for what runs in the shell, and when no more. */
    readonly onShell: (isThere: boolean) => void;
    readonly openTarget: (engine: EngineKind, client: ClientKind) => Promise<Target>;
  },
): Promise<number> {
  const { stderr, signal } = context;
  let target: Target | null = null;
  let root: TargetRoot | null = null;
  try {
    target = await context.openTarget(options.engine, options.client);
    root = await target.open(signal);
    await root.provideImages(options.images, signal);
    if (options.command === null)
      stderr(`${root.engine.kind} ${root.engine.version}, ${root.engine.tier}: a root of its own, gone when this shell ends\n`);
    context.onShell(true);
    return await interact(root, options.command, signal).finally(() => context.onShell(false));
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    stderr(`slipway: ${messageOf(error)}\n`);
    return exitCodes.fault;
  } finally {
    const keptAt = await root?.close({ keep: options.keep });
    await target?.close();
    if (typeof keptAt === "string") stderr(`kept at ${keptAt}\n`);
  }
}

/** Runs the shell with our own terminal and streams. */
function interact(root: TargetRoot, command: string | null, signal: AbortSignal): Promise<number> {
  const best = "if command -v bash >/dev/null; then exec bash --norc -i; else exec sh -i; fi";
  const [file, ...args] = root.enter(["/bin/sh", "-c", command ?? best]);
  const env = { ...root.env, TERM: process.env["TERM"] ?? "dumb", PS1: "slipway \\w \\$ " };
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: "inherit", env });
    const end = (): void => void child.kill("SIGKILL");
    signal.addEventListener("abort", end, { once: true });
    child.once("error", reject);
    child.once("exit", (code, name) => {
      signal.removeEventListener("abort", end);
      resolve(code ?? (name === null ? 1 : exitCodes.interrupted));
    });
  });
}
