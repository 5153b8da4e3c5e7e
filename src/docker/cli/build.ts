import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { messageOf } from "../../base/errors.ts";
import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand, type CommandContext } from "./command.ts";
import { checkAddHost, parseUlimit, splitAddHost } from "./container-request/container-flag-values.ts";
import { containerFlags } from "./container-request/container-flags.ts";
import { recordOf } from "./container-request/env-file.ts";
import { bool, list, string, strings } from "./flags/flags.ts";
import { packContext } from "./build/context.ts";
import { buildLimitFlags, limitsQuery } from "./build/limits.ts";
import { canonicalString, parseReference, withDefaultTag } from "../../oci/reference.ts";
import { parseGitReference, type GitReference } from "../../oci/dockerfile/git-reference.ts";
import { OutputSink, parseOutput, writeArchive, writeMetadata } from "./build/output.ts";
import { buildByGraph, progressModes, type ProgressMode } from "./build/by-graph.ts";
import { readSecrets } from "./build/secrets.ts";
import { printMessages } from "./registry/pull-progress.ts";

/** `docker build`: the folder goes to the engine as a tar. By its BuildKit, or with `DOCKER_BUILDKIT=0` by its classic builder. */
export const command = defineCommand({
  use: "[OPTIONS] PATH | URL | -",
  flags: {
    ...buildLimitFlags,
    "add-host": list("Add a custom host-to-IP mapping (host:ip)", { check: checkAddHost }),
    "build-arg": list("Set build-time variables"),
    "cache-from": strings("Images to consider as cache sources"),
    compress: bool("Compress the build context using gzip"),
    "disable-content-trust": bool("Skip image verification", { initial: true, hidden: true }),
    file: string("Name of the Dockerfile (Default is 'PATH/Dockerfile')", { short: "f" }),
    "force-rm": bool("Always remove intermediate containers"),
    iidfile: string("Write the image ID to the file"),
    label: list("Set metadata for an image"),
    network: string("Set the networking mode for the RUN instructions during build", { initial: "default" }),
    "metadata-file": string("Write build result metadata to a file"),
    "no-cache": bool("Do not use cache when building the image"),
    "no-cache-filter": strings("Do not cache specified stages"),
    output: list('Output destination (format: "type=local,dest=path")', { short: "o" }),
    platform: string("Set platform if server is multi-platform capable"),
    progress: string('Set type of progress output ("auto", "quiet", "plain", "tty", "rawjson"). Use plain to show container output', {
      initial: "auto",
    }),
    pull: bool("Always attempt to pull a newer version of the image"),
    quiet: bool("Suppress the build output and print image ID on success", { short: "q" }),
    rm: bool("Remove intermediate containers after a successful build", { initial: true }),
    secret: list('Secret to expose to the build (format: "id=mysecret[,src=/local/secret]")'),
    tag: list("Name and optionally a tag in the 'name:tag' format", { short: "t" }),
    target: string("Set the target build stage to build."),
    ulimit: containerFlags.ulimit,
  },
  args: { min: 1, max: 1 },
  completes: ["files"],
  async run(options, context) {
    const { flags } = options;
    const place = argument(options, 0);
    // What comes from stdin and makes an image alone touches no file of the caller's.
    const touchesFiles = flags.output.length > 0 || flags.secret.length > 0 || flags.iidfile !== "" || flags["metadata-file"] !== "";
    if (place !== "-" || touchesFiles) context.ownProcess();
    const output = parseOutput(flags.output);
    await using prepared = await contextFrom(place, flags.file, context);
    const { tar, dockerfile, remote = "" } = prepared;
    const names = output.type === "image" && output.name !== "" ? [...flags.tag, output.name] : flags.tag;
    const query = {
      ...limitsQuery(flags),
      t: output.type === "local" || output.type === "tar" ? [] : names,
      dockerfile,
      buildargs: argumentsOf(flags["build-arg"], context),
      labels: recordOf(flags.label),
      cachefrom: flags["cache-from"].length > 0 ? JSON.stringify(flags["cache-from"]) : "",
      nocache: flags["no-cache"],
      nocachefilter: flags["no-cache-filter"],
      pull: flags.pull,
      q: flags.quiet,
      rm: flags.rm || "0",
      forcerm: flags["force-rm"],
      networkmode: flags.network,
      platform: flags.platform,
      target: flags.target,
      ulimits: flags.ulimit.length > 0 ? JSON.stringify(flags.ulimit.map(parseUlimit)) : "",
      extrahosts: flags["add-host"].map((text) => splitAddHost(text).join(":")),
    };
    const secrets = await readSecrets(flags.secret, context);
    if (usesGraph(context)) {
      const client = secrets.size > 0 ? await context.client() : null;
      await using session = (await client?.openBuildSession(secrets, context.signal)) ?? null;
      const mode = flags.quiet ? "quiet" : progressOf(flags.progress, context);
      const sent = { ...query, remote, session: session?.id };
      if (output.type === "local" || output.type === "tar") {
        const sink = new OutputSink(output, context);
        await buildByGraph(context, tar, { ...sent, output: "tar" }, mode, (piece) => sink.take(piece));
        await sink.end();
        if (flags["metadata-file"] !== "") await writeMetadata(flags["metadata-file"], "", [], context);
        return 0;
      }
      const built = await buildByGraph(context, tar, sent, mode);
      if (output.type !== "image") {
        const archive = await (await context.client()).saveImages(names.length > 0 ? names : [built], context.signal);
        await writeArchive(archive, output.dest, context);
      } else if (flags.quiet) context.stdout.write(`${built}\n`);
      if (flags.iidfile !== "") await writeFile(resolve(context.cwd, flags.iidfile), built);
      if (flags["metadata-file"] !== "") await writeMetadata(flags["metadata-file"], built, names.map(wholeName), context);
      return 0;
    }
    for (const name of ["output", "metadata-file", "no-cache-filter"] as const)
      if (flags[name].length > 0) throw new StatusError(`the --${name} option requires BuildKit`);
    if (secrets.size > 0) throw new StatusError("the --secret option requires BuildKit");
    const client = await context.client();
    let id = "";
    const quietly: string[] = [];
    const shown = flags.quiet ? quietOutput(quietly) : context.stdout;
    try {
      await printMessages(await client.buildImage(tar, { ...query, remote }, context.signal), shown, (aux) => {
        id = (aux as { readonly ID?: string }).ID ?? id;
      });
    } catch (error) {
      // What the build printed so far tells why it failed.
      context.stderr.write(quietly.join(""));
      throw error;
    }
    if (flags.quiet) context.stdout.write(`${id === "" ? quietly.join("").trim() : id}\n`);
    if (flags.iidfile !== "") await writeFile(resolve(context.cwd, flags.iidfile), id);
    return 0;
  },
});

/** What is sent to the engine: a tar, or with `remote` the address where the engine finds the context itself. */
interface SentContext extends AsyncDisposable {
  readonly tar: Readable;
  readonly dockerfile: string;
  readonly remote?: string;
}

function wholeName(name: string): string {
  return canonicalString(withDefaultTag(parseReference(name)));
}

function usesGraph({ env }: CommandContext): boolean {
  const wish = env["DOCKER_BUILDKIT"] ?? "";
  if (wish === "" || ["1", "t", "T", "true", "TRUE", "True"].includes(wish)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(wish)) return false;
  throw new StatusError(
    `DOCKER_BUILDKIT environment variable expects boolean value: strconv.ParseBool: parsing ${JSON.stringify(wish)}: invalid syntax`,
  );
}

function progressOf(flag: string, { env }: CommandContext): ProgressMode {
  const mode = flag === "auto" ? env["BUILDKIT_PROGRESS"] || flag : flag;
  const known = progressModes.find((one) => one === mode);
  if (known === undefined) throw new StatusError(`invalid progress mode ${JSON.stringify(mode)}: use auto, plain, tty, rawjson or quiet`);
  return known;
}

async function contextFrom(place: string, file: string, context: CommandContext): Promise<SentContext> {
  const git = place === "-" ? null : gitReference(place);
  if (git === null) return { ...(await plainContext(place, file, context)), async [Symbol.asyncDispose]() {} };
  const { gitContext } = await import("./build/git-context.ts");
  const repository = await gitContext(git, context);
  try {
    // The Dockerfile is one of the repository.
    const packed = await plainContext(repository.folder, file === "" || file === "-" ? file : resolve(repository.folder, file), context);
    return { ...packed, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() };
  } catch (error) {
    await repository[Symbol.asyncDispose]();
    throw error;
  }
}

function gitReference(place: string): GitReference | null {
  try {
    return parseGitReference(place);
  } catch (error) {
    throw new StatusError(`unable to prepare context: ${messageOf(error)}`);
  }
}

async function plainContext(place: string, file: string, context: CommandContext): Promise<Omit<SentContext, keyof AsyncDisposable>> {
  if (place === "-") {
    if (file === "-") throw new StatusError("invalid argument: can't use stdin for both build context and dockerfile");
    if (context.stdin.isTTY === true) throw new StatusError("invalid argument: can't use stdin for both build context and terminal");
    const { contextOfStdin } = await import("./build/stdin.ts");
    return await contextOfStdin(context.stdin, { file, isStrict: usesGraph(context) });
  }
  if (/^https?:\/\//.test(place)) return { tar: Readable.from([]), dockerfile: file === "" ? "Dockerfile" : file, remote: place };
  const folder = resolve(context.cwd, place);
  const found = await stat(folder).catch(() => null);
  if (!found) throw new StatusError(`unable to prepare context: path ${JSON.stringify(place)} not found`);
  if (!found.isDirectory()) throw new StatusError(`unable to prepare context: context must be a directory: ${folder}`);
  const own =
    file === "" || file === "-" ? await defaultName(folder) : relative(folder, resolve(isAbsolute(file) ? "/" : context.cwd, file));
  if (file === "-") {
    const content = await textOf(context.stdin);
    const dockerfile = ".dockerfile.stdin";
    return { dockerfile, tar: await packContext(folder, { dockerfile, content }) };
  }
  if (own.startsWith("..")) {
    // A Dockerfile from elsewhere travels along under a name of its own.
    const content = await readDockerfile(resolve(context.cwd, file));
    const dockerfile = ".dockerfile.outside";
    return { dockerfile, tar: await packContext(folder, { dockerfile, content }) };
  }
  await readDockerfile(resolve(folder, own));
  return { dockerfile: own, tar: await packContext(folder, { dockerfile: own, content: null }) };
}

/** `Dockerfile`, or where there is none but one in small letters, that. */
async function defaultName(folder: string): Promise<string> {
  const names = await readdir(folder);
  return !names.includes("Dockerfile") && names.includes("dockerfile") ? "dockerfile" : "Dockerfile";
}

async function readDockerfile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    throw new StatusError(
      `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${path}: no such file or directory`,
    );
  }
}

async function textOf(source: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of source as AsyncIterable<Buffer>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** A name alone takes its value from the caller's environment; null when it has none there. */
function argumentsOf(texts: readonly string[], { env }: CommandContext): Record<string, string | null> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      return at < 0 ? [text, env[text] ?? null] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function quietOutput(texts: string[]): CommandContext["stdout"] {
  return { write: (text: string) => texts.push(text) > 0 } as unknown as CommandContext["stdout"];
}
