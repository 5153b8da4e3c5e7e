// npm run bench: what our engine and command take, as ratios against real docker in the same run, on the same machine.
// Needs root, Debian's docker.io and bats. Medians of alternating runs; nothing here is a test. `npm run bench -- 15 --commands` is one group, the
// others are `--networks`, `--course` and `--images` (these with `--large` at real sizes or `--size 256,20000` in MiB and files, with
// `--only import,export-many` some of them).
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { dockerCommand } from "../dist/runtime/launch/docker-command.js";
import { dockerFlags, dockerSnapshot } from "../dist/runtime/launch/node-start.js";
import { parseArgs } from "node:util";
import { commandRows } from "./commands.mjs";
import { courseRows } from "./course.mjs";
import { imageHeading, imageRows, lineOf } from "./images.mjs";
import { networkRows } from "./networks.mjs";
import { startEngine } from "../dist/runtime/launch/start-engine.js";
import { defaultStore, ensureBaseImages } from "../dist/provision/base-images.js";

const project = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    commands: { type: "boolean" },
    networks: { type: "boolean" },
    course: { type: "boolean" },
    images: { type: "boolean" },
    large: { type: "boolean" },
    size: { type: "string", default: "" },
    only: { type: "string", default: "" },
  },
});
const everything = !flags.commands && !flags.networks && !flags.course && !flags.images;
const rounds = Number(positionals[0] ?? 15);

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const timed = async (action) => {
  const start = performance.now();
  await action();
  return performance.now() - start;
};

/** The course's export/import scenario, as one shell script of 15 docker commands. */
const exportImport = `set -e
docker run --name box busybox sh -c 'echo kept > /tmp/note' && docker diff box >/dev/null && docker export -o box.tar box
docker import -m flat box.tar flat:1 >/dev/null && docker history -q flat:1 >/dev/null && docker run --rm flat:1 cat /tmp/note >/dev/null
docker run --name again flat:1 cat /tmp/note >/dev/null && docker logs again >/dev/null && docker inspect again >/dev/null && docker commit again kept:1 >/dev/null
docker images -q >/dev/null && docker ps -aq >/dev/null && docker rm box again >/dev/null && docker rmi kept:1 flat:1 >/dev/null && docker ps -aq >/dev/null`;

async function startDockerd() {
  const data = join(folder, "dd");
  mkdirSync(join(data, "tmp"), { recursive: true });
  const socket = join(data, "docker.sock");
  const daemon = spawn(
    "dockerd",
    ["--data-root", join(data, "data"), "--exec-root", join(data, "exec"), "-H", `unix://${socket}`, "-p", join(data, "pid")],
    {
      stdio: "ignore",
      env: { ...process.env, TMPDIR: join(data, "tmp") },
    },
  );
  const exited = new Promise((resolve) => daemon.once("exit", resolve));
  for (let tries = 0; ; tries++) {
    try {
      execFileSync("docker", ["version"], { env: { ...process.env, DOCKER_HOST: `unix://${socket}` }, stdio: "ignore" });
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(200);
    }
  }
  const stop = async () => {
    daemon.kill("SIGTERM");
    await exited;
  };
  return { socket, stop, pid: daemon.pid };
}

/** A folder whose `docker` is the given program, for scripts' PATH. */
function pathWith(name, docker) {
  const bin = join(folder, name);
  mkdirSync(bin);
  symlinkSync(docker, join(bin, "docker"));
  return `${bin}:${process.env.PATH}`;
}

/** Our command as scenarios' steps have it on their PATH. */
function ourDocker(host) {
  const file = join(folder, "our-docker");
  const start = [...dockerFlags, "--snapshot-blob", join(project, dockerSnapshot()), "--", join(project, "dist/bundle/cli/docker.js")];
  writeFileSync(file, dockerCommand({ node: process.execPath, start, host }));
  chmodSync(file, 0o755);
  return file;
}

const rows = [];
let images = [];
const row = (what, ours, theirs, aim, met) =>
  rows.push({
    what,
    ours,
    theirs,
    ratio: theirs === "" ? "" : (parseFloat(ours) / parseFloat(theirs)).toFixed(2),
    aim,
    met: met ? "yes" : "no",
  });

const dockerd = await startDockerd();
const store = defaultStore();
await ensureBaseImages(store);
const baseImage = join(store, "base/busybox.tar");
execFileSync("docker", ["load", "-qi", baseImage], { env: { ...process.env, DOCKER_HOST: `unix://${dockerd.socket}` }, stdio: "ignore" });
const engine = await startEngine({ root: join(folder, "root"), store });
try {
  const real = {
    DOCKER_HOST: `unix://${dockerd.socket}`,
    PATH: pathWith("real", execFileSync("sh", ["-c", "command -v docker"], { encoding: "utf8" }).trim()),
  };
  const ours = { DOCKER_HOST: `unix://${engine.socket}`, PATH: pathWith("ours", ourDocker(`unix://${engine.socket}`)) };
  const work = join(folder, "work");
  mkdirSync(work);
  // A configuration is for a process of its own: neither command has one here.
  process.env.DOCKER_CONFIG = join(folder, "no-configuration");
  const sh = (script, env) =>
    execFileSync("sh", ["-c", script], { cwd: work, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  sh("docker pull -q busybox", ours);

  const commands = [
    ["docker run --rm busybox true", "docker run --rm busybox true", 0.5],
    ["export/import, 15 docker commands", exportImport, 0.3],
  ];
  for (const [what, script, aim] of everything || flags.commands ? commands : []) {
    const times = { ours: [], real: [] };
    for (let round = -1; round < rounds; round++) {
      const mine = await timed(() => sh(script, ours));
      const theirs = await timed(() => sh(script, real));
      if (round < 0) continue;
      times.ours.push(mine);
      times.real.push(theirs);
    }
    const ratio = median(times.ours) / median(times.real);
    row(what, `${median(times.ours).toFixed(0)} ms`, `${median(times.real).toFixed(0)} ms`, `≤ ${aim}`, ratio <= aim);
  }

  const cli = join(project, "dist/bundle/cli/docker.js");
  if (everything || flags.commands) commandRows({ ours, real, sh, rounds, work, cli, row });

  if (everything || flags.networks) await networkRows({ ours, real, sh, rounds, folder, store, row });

  // A warm root is one that was started ahead, as the runner does while a scenario runs: what a scenario waits for is taking and removing it.
  const warm = [];
  for (let round = 0; round < (everything || flags.commands ? rounds : 0); round++) {
    const root = join(folder, `warm${round}`);
    const started = await startEngine({ root, store });
    await sleep(300);
    warm.push(
      await timed(async () => {
        await started.stop();
        rmSync(root, { recursive: true, force: true });
      }),
    );
  }
  if (warm.length > 0) row("a warm root taken and removed", `${median(warm).toFixed(0)} ms`, "", "< 50 ms", median(warm) < 50);

  // Idle: it has had the time in which it gives memory back.
  await sleep(5000);
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${nodeOf(engine.pid)}/status`, "utf8"))[1]) / 1024;
  row("the engine's resident memory after these runs, idle", `${memory.toFixed(0)} MB`, "", "< 100 MB", memory < 100);
  if (everything || flags.course)
    rows.push(...(await courseRows({ real, folder, rounds: Math.min(rounds, 3) })).map((one) => ({ ...one, met: one.met ? "yes" : "no" })));
  const only = flags.only === "" ? [] : flags.only.split(",");
  images =
    everything || flags.images
      ? await imageRows({ ours, real, engine, folder, dockerd: dockerd.pid, large: flags.large, size: flags.size, only })
      : [];
} finally {
  await engine.stop();
  await dockerd.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** The node process below the namespace's init. */
function nodeOf(init) {
  return Number(readFileSync(`/proc/${init}/task/${init}/children`, "utf8").trim().split(" ")[0]);
}

console.log(
  `\n${rounds} rounds, medians; ${execFileSync("docker", ["--version"], { encoding: "utf8" }).trim()}, node ${process.version}\n`,
);
console.log("| what | slipway | docker | ratio | aim | met |\n|---|---|---|---|---|---|");
for (const { what, ours, theirs, ratio, aim, met } of rows) console.log(`| ${what} | ${ours} | ${theirs} | ${ratio} | ${aim} | ${met} |`);
mkdirSync(join(project, "reports"), { recursive: true });
writeFileSync(join(project, "reports/bench.json"), `${JSON.stringify(rows, null, 2)}\n`);
if (images.length > 0) console.log(`\n${imageHeading}\n${images.map((entry) => lineOf(entry)).join("\n")}`);
writeFileSync(join(project, "reports/bench-images.json"), `${JSON.stringify(images, null, 2)}\n`);
