import { chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { UnixClient } from "../../src/docker/client/unix-client.ts";
import { enterEngine } from "../../src/runtime/launch/enter-engine.ts";
import type { EngineHandle } from "../../src/runtime/launch/start-engine.ts";
import { normalise } from "./normalise.ts";

/** A `docker` command and the engine it talks to. */
export interface Backend {
  readonly name: string;
  /** The program that stands for `docker`. */
  readonly docker: string;
  readonly socket: string;
  /** Ours: the script runs in the engine's namespaces, as a scenario's steps do, so that both see the same files and ports. */
  readonly engine?: EngineHandle;
  /** The real one's: what enters the network that it publishes ports in. */
  readonly enter?: readonly string[];
}

/** What a script showed, made comparable. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/**
 * What scripts call. `t` shows which command of a long script makes a difference. The others are for what happens in its own time: a
 * script awaits that it has happened, since no sleep is long enough on a busy machine.
 */
const helpers = `t() { echo "# $*"; echo "# $*" >&2; docker "$@"; echo "= $?"; }
# Until the command succeeds.
await() { for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done; echo "in vain: $*"; }
# Whether a container has a file; its log a line; a process of this command line, as its last words; a client attached.
has() { docker exec "$1" test -e "$2"; }
logged() { docker logs "$1" 2>&1 | grep -e "$2"; }
runs() { docker top "$1" -eo pid,args | grep -e "^ *[0-9]* *$2$"; }
attached() { docker events --since "$begun" --until "$(date +%s.%N)" --filter event=attach --filter container="$1" --format attached | grep attached; }
begun=$(date +%s.%N)
# docker stats, again while there is a "--": the client shows that after two seconds, and a sample takes dockerd nearly as long.
sampled() {
  for _ in $(seq 30); do docker stats --no-stream "$@" >sample; grep -q -e -- sample || break; done
  cat sample
}
# attend FLAGS CONTAINER: docker attach to one that prints on stdout once it has /go and ends once it has /end. The client looks again
# whether it runs when it is attached, so that it must not end before something was shown.
attend() {
  for one in "$@"; do :; done
  docker attach "$@" >shown 2>said & attending=$!
  await attached "$one"; docker exec "$one" touch /go; await test -s shown; docker exec "$one" touch /end
  wait $attending; code=$?
  cat shown; cat said >&2; return $code
}
`;

/** Runs a case's script with `docker` being the backend's, in a work folder of its own, and tells what it showed. */
export async function runScript(script: string, { docker, socket, engine, enter = [] }: Backend): Promise<Outcome> {
  // The engine's /tmp is the root's own.
  const place = await mkdtemp(join(engine ? join(engine.root, "tmp") : tmpdir(), "compat-"));
  const folder = engine ? place.slice(engine.root.length) : place;
  try {
    await mkdir(join(place, "bin"));
    await mkdir(join(place, "work"));
    await symlink(docker, join(place, "bin/docker"));
    await writeFile(join(place, "script"), helpers + script);
    if (engine) for (const path of [place, join(place, "work")]) await chown(path, engine.owner.uid, engine.owner.gid);
    // With its own clock, so that nothing that hangs within outlives it.
    const command = ["timeout", "-k", "1", "200", "sh", join(folder, "script")];
    const [program, ...args] = engine ? enterEngine(engine, { cwd: join(folder, "work"), command }) : [...enter, ...command];
    const { stdout, stderr, exitCode } = await execa(program ?? "sh", args, {
      cwd: engine ? "/" : join(folder, "work"),
      env: {
        PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
        HOME: folder,
        LANG: "C.UTF-8",
        TERM: "xterm",
        DOCKER_HOST: engine ? "unix:///run/slipway/root/docker.sock" : `unix://${socket}`,
        // The newer client builds with BuildKit where it can; the daemon's own builder is what both have.
        DOCKER_BUILDKIT: "0",
        DOCKER_CLI_HINTS: "false",
      },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: 210_000,
      stripFinalNewline: false,
    });
    const comparable = (text: string): string => normalise(text.replaceAll(folder, "<folder>"));
    return { stdout: comparable(stdout), stderr: comparable(stderr), exitCode };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/**
 * Takes away what a case left, but for the busybox image: all through the API, which costs less than as many commands. Again while
 * something is there: a container that its restart policy starts just then, an image that another is made from.
 * @throws when something stays, which the next case would find.
 */
export async function tidy({ name, socket }: Backend): Promise<void> {
  const client = new UnixClient(`unix://${socket}`);
  let left = await leftOvers(client);
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === 200) throw new Error(`${name} keeps ${left.map(({ what }) => what).join(", ")}`);
    if (tries > 0) await sleep(100);
    // What uses others goes before them.
    for (const kind of ["container", "image", "network", "volume"]) {
      const ofKind = left.filter(({ what }) => what.startsWith(kind));
      await Promise.all(ofKind.map(({ remove }) => remove().catch(() => undefined)));
    }
    left = await leftOvers(client);
  }
}

async function leftOvers(client: UnixClient): Promise<readonly { readonly what: string; readonly remove: () => Promise<unknown> }[]> {
  const [containers, images, networks, volumes] = await Promise.all([
    client.listContainers({ all: true }),
    client.listImages(),
    client.listNetworks(),
    client.listVolumes(),
  ]);
  const names = images.flatMap(({ Id, RepoTags }) =>
    RepoTags?.length ? RepoTags.map((tag) => (tag.startsWith("<none>") ? Id : tag)) : [Id],
  );
  return [
    ...containers.map(({ Id }) => ({ what: `container ${Id}`, remove: () => client.removeContainer(Id, { force: true, volumes: true }) })),
    ...names
      .filter((image) => image !== "busybox:latest")
      .map((image) => ({ what: `image ${image}`, remove: () => client.removeImage(image, { force: true }) })),
    ...networks
      .filter(({ Name }) => !["bridge", "host", "none"].includes(Name))
      .map(({ Id, Name }) => ({ what: `network ${Name}`, remove: () => client.removeNetwork(Id) })),
    ...(volumes.Volumes ?? []).map(({ Name }) => ({ what: `volume ${Name}`, remove: () => client.removeVolume(Name, { force: true }) })),
  ];
}
