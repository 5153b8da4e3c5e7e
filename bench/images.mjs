// Images of real sizes: what each way of moving one takes, against real docker in the same run and against a floor of ordinary programs.
// Called by bench.mjs: `--images` for these rows alone, `--large` for 1 GiB and 100,000 files instead of a tenth. Needs docker-registry.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { enterEngine } from "../dist/runtime/launch/enter-engine.js";

const mebibyte = 1 << 20;

/** Both sizes of input, in MiB and in files: one of few large files, half of which gzip makes nothing of, and one of many small ones. */
function sizes(large, size) {
  if (size === "") return large ? { big: 1024 * mebibyte, many: 100_000, rounds: 1 } : { big: 96 * mebibyte, many: 10_000, rounds: 3 };
  const [big, many, rounds = 1] = size.split(",").map(Number);
  return { big: big * mebibyte, many, rounds };
}

/** Seconds of processor time that a process and all below it have taken, those that have ended included. */
function cpuOf(pid) {
  let stat;
  let children;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const tasks = readdirSync(`/proc/${pid}/task`);
    children = tasks.flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean));
  } catch {
    return 0;
  }
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const own = fields.slice(11, 15).reduce((sum, value) => sum + value, 0) / 100;
  return children.reduce((sum, child) => sum + cpuOf(child), own);
}

/** Seconds of processor time of all children that have ended and been waited for. */
function cpuOfEnded() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return (fields[13] + fields[14]) / 100;
}

function writeBig(folder, size) {
  mkdirSync(folder, { recursive: true });
  const each = 16 * mebibyte;
  const text = Buffer.alloc(each / 2, "all work and no play makes a container a dull box; ");
  for (let index = 0; index < size / each; index++)
    writeFileSync(join(folder, `file${index}`), Buffer.concat([randomBytes(each / 2), text]));
}

function writeMany(folder, count) {
  for (let at = 0; at < count; at++) {
    const directory = join(folder, `d${Math.floor(at / 100)}`);
    if (at % 100 === 0) mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `f${at}`), `this is file ${at}\n`.repeat(50));
  }
}

/** How long a daemon lets others wait while it works, in milliseconds: the longest answer to a ping. */
function watchPings(socketPath) {
  let worst = 0;
  const watch = { running: true };
  const done = (async () => {
    while (watch.running) {
      const start = performance.now();
      await new Promise((resolve) => {
        const ping = request({ socketPath, path: "/_ping", agent: false }, (response) => response.resume().once("end", resolve));
        ping.once("error", resolve).end();
      });
      worst = Math.max(worst, performance.now() - start);
      // Each answer takes the daemon processor time, which is measured.
      await sleep(50);
    }
  })();
  return async () => {
    watch.running = false;
    await done;
    return worst;
  };
}

/** Starts Debian's registry by `command` and waits until it listens. */
async function startRegistry(command, folder, port) {
  const config = `version: 0.1\nlog: {level: info}\nstorage: {filesystem: {rootdirectory: ${folder}}}\nhttp: {addr: "127.0.0.1:${port}"}\n`;
  const script = `mkdir -p ${folder}; echo '${config}' > ${folder}/config.yml; exec docker-registry serve ${folder}/config.yml`;
  const [program, ...args] = command(["sh", "-c", script]);
  const registry = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise((resolve) => registry.once("exit", resolve));
  await new Promise((resolve, reject) => {
    const look = (chunk) => void (chunk.toString().includes("listening on") && resolve());
    for (const stream of [registry.stdout, registry.stderr]) stream.on("data", look);
    registry.once("exit", () => reject(new Error("the registry did not start")));
  });
  return async () => {
    registry.kill("SIGTERM");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Measures all rows: `ours` and `real` are environments of a shell with their `docker`, `engine` is the handle of ours.
 * Gives `{ what, ours, theirs, floor, ratio, memory, wait, waitTheirs }[]`; times in milliseconds, memory the peak in MB, waits the longest pings.
 */
export async function imageRows({ ours, real, engine, folder, dockerd, large = false, size: given = "", only = [] }) {
  const { big, many, rounds } = sizes(large, given);
  const input = join(folder, "input");
  writeBig(join(input, "big"), big);
  writeMany(join(input, "many"), many);
  writeFileSync(join(input, "Dockerfile"), "FROM busybox\nCOPY . /data\nRUN test -d /data\n");
  const sh = (script, env) =>
    new Promise((resolve, reject) => {
      const child = spawn("sh", ["-c", `set -e; ${script}`], {
        cwd: folder,
        env: { ...process.env, ...env },
        stdio: ["ignore", "ignore", "inherit"],
      });
      child.once("error", reject).once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`failed with ${code}: ${script}`))));
    });
  const node = nodeOf(engine.pid);
  // Each registry where its engine finds it: ours has a network of its own.
  const port = 20_000 + (process.pid % 10_000);
  const stops = [
    await startRegistry((command) => command, `/tmp/registry-real-${port}`, port),
    await startRegistry((command) => enterEngine(engine, { cwd: "/tmp", command }), `/tmp/registry-ours-${port}`, port),
  ];
  const rows = [];
  try {
    for (const kind of ["big", "many"]) {
      await sh(`tar -C input/${kind} -cf ${kind}.tar . && gzip -1 -kf ${kind}.tar`, {});
      const name = `localhost:${port}/${kind}`;
      const tar = `${kind}.tar`;
      const size = kind === "big" ? `${Math.round(big / mebibyte)} MiB` : `${many} files`;
      for (const env of [ours, real]) {
        await sh(`docker import ${tar} ${name}:1; docker create --name ${kind} busybox; docker cp - ${kind}:/ < ${tar}`, env);
      }
      await sh(`docker save ${name}:1 > saved-${tar}`, real);
      const steps = [
        [
          "import",
          `docker import ${tar} again:1`,
          "docker rmi again:1",
          `mkdir -p out && tar -C out -xf ${tar} && sha256sum ${tar}; rm -r out`,
        ],
        ["import, gzip", `docker import ${tar}.gz again:1`, "docker rmi again:1", `mkdir -p out && tar -C out -xzf ${tar}.gz; rm -r out`],
        ["export", `docker export ${kind} | cat`, "", `tar -C input/${kind} -cf - . | cat`],
        ["diff", `docker diff ${kind}`, "", `find input/${kind} -printf '%p %m %s'`],
        ["commit", `docker commit ${kind} again:1`, "docker rmi again:1", `tar -C input/${kind} -cf - . | sha256sum`],
        // The classic builder on both sides: BuildKit would want a client plugin.
        [
          "build",
          `DOCKER_BUILDKIT=0 docker build -q --no-cache -t built:1 -f input/Dockerfile input/${kind}`,
          "",
          `mkdir -p out && tar -C input/${kind} -cf - . | tar -C out -xf - && tar -C out -cf - . | sha256sum; rm -r out`,
        ],
        [
          "build, cached",
          `DOCKER_BUILDKIT=0 docker build -q -t built:1 -f input/Dockerfile input/${kind}`,
          "",
          `tar -C input/${kind} -cf - . | sha256sum`,
        ],
        ["save", `docker save ${name}:1 | cat`, "", `cat ${tar} | cat`],
        [
          "load",
          `docker load -qi saved-${tar}`,
          `docker rmi ${name}:1`,
          `mkdir -p out && tar -C out -xf ${tar} && sha256sum ${tar}; rm -r out`,
        ],
        ["push", `docker push ${name}:1`, null, `gzip -c ${tar} | sha256sum`],
        [
          "pull",
          `docker pull ${name}:1`,
          `docker rmi ${name}:1`,
          `mkdir -p out && tar -C out -xzf ${tar}.gz && sha256sum ${tar}; rm -r out`,
        ],
      ];
      for (const [verb, script, undo, floorScript] of steps) {
        const key = verb.replace(", ", "-");
        if (only.length > 0 && !only.includes(key) && !only.includes(`${key}-${kind}`)) continue;
        const times = { ours: [], real: [], floor: [] };
        const cpu = { ours: [], real: [], floor: [] };
        let [wait, waitTheirs] = [0, 0];
        const daemons = { ours: engine.pid, real: dockerd };
        const cpuNow = (what) => cpuOfEnded() + (what in daemons ? cpuOf(daemons[what]) : 0);
        const timed = async (what, text, env) => {
          // Nobody is to wait for what another wrote.
          await sh("sync -f .", {});
          const [start, cpuStart] = [performance.now(), cpuNow(what)];
          await sh(text, env);
          times[what].push(performance.now() - start);
          cpu[what].push(cpuNow(what) - cpuStart);
        };
        writeFileSync(`/proc/${node}/clear_refs`, "5");
        for (let round = 0; round < (undo === null ? 1 : rounds); round++) {
          // A load and a pull begin without the image; a push is a first one only once.
          const isFetch = verb === "load" || verb === "pull";
          for (const env of isFetch ? [ours, real] : []) await sh(undo, env);
          // Both daemons answer pings meanwhile, which takes them processor time.
          const pingsOf = (env) => watchPings(env.DOCKER_HOST.slice("unix://".length));
          const stopOurs = pingsOf(ours);
          await timed("ours", script, ours);
          wait = Math.max(wait, await stopOurs());
          const stopReal = pingsOf(real);
          await timed("real", script, real);
          waitTheirs = Math.max(waitTheirs, await stopReal());
          await timed("floor", floorScript, {});
          for (const env of !isFetch && undo ? [ours, real] : []) await sh(undo, env);
        }
        const memory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${node}/status`, "utf8"))[1]) / 1024;
        const [mine, theirs, floor] = [median(times.ours), median(times.real), median(times.floor)];
        const entry = {
          what: `${verb}, ${size}`,
          ours: mine,
          theirs,
          floor,
          ratio: mine / theirs,
          memory,
          wait,
          waitTheirs,
          cpu: median(cpu.ours),
          cpuTheirs: median(cpu.real),
        };
        rows.push(entry);
        process.stderr.write(`${lineOf(entry)}\n`);
      }
    }
  } finally {
    for (const stop of stops) await stop();
  }
  return rows;
}

const ms = (value) => `${value.toFixed(0)} ms`;

export const imageHeading =
  "| what | slipway | docker | ratio | cpu slipway | cpu docker | ratio | floor | × floor | peak memory | longest ping | docker's |\n|---|---|---|---|---|---|---|---|---|---|---|---|";

/** One row of the table. */
export function lineOf({ what, ours, theirs, floor, ratio, memory, wait, waitTheirs, cpu, cpuTheirs }) {
  const processor = `${cpu.toFixed(1)} s | ${cpuTheirs.toFixed(1)} s | ${(cpu / cpuTheirs).toFixed(2)}`;
  return `| ${what} | ${ms(ours)} | ${ms(theirs)} | ${ratio.toFixed(2)} | ${processor} | ${ms(floor)} | ${(ours / floor).toFixed(1)} | ${memory.toFixed(0)} MB | ${ms(wait)} | ${ms(waitTheirs)} |`;
}

/** The node process below the namespace's init. */
function nodeOf(init) {
  return Number(readFileSync(`/proc/${init}/task/${init}/children`, "utf8").trim().split(" ")[0]);
}
