// The course end to end: `slipway run scenarios` against the same commands driven by bats with real docker, in the same run; then how many
// scenarios a second at several --jobs, and the memory of a running one. Called by bench.mjs: `--course` for these rows alone.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadPlans } from "../dist/harness/cli/select-scenarios.js";

const project = join(import.meta.dirname, "..");
const slipway = join(project, "dist/bin/slipway.js");
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A scenario as a bats test: its commands as they stand, with their variables, input and folders, and afterwards what it takes to have a clean daemon
 * again. It does less than ours: it looks at no state, and leaves out dialogues at a terminal, which bats cannot hold.
 */
function batsTest(plan) {
  const lines = ['cd "$BATS_TEST_TMPDIR"', 'export WORKDIR="$PWD"', "BACKGROUND="];
  for (const [name, value] of Object.entries(plan.env)) lines.push(`export ${name}=${quoted(value)}`);
  for (const { action, env, cwd, capture } of plan.steps) {
    const before = Object.entries(env).map(([name, value]) => `export ${name}="${value}"; `);
    const inFolder = (command) => `(${before.join("")}cd "${cwd}"; ${command})`;
    if (action.kind === "write") {
      lines.push(
        `mkdir -p "$(dirname "${action.path}")"; printf %s ${quoted(action.content)} > "${action.path}"`,
        `chmod ${action.mode.toString(8)} "${action.path}"`,
      );
    } else if (action.kind === "command" && action.background) {
      lines.push(`${inFolder(`exec setsid sh -c ${quoted(action.command)}`)} >/dev/null 2>&1 3>&- & BACKGROUND="$BACKGROUND $!"`);
    } else if (action.kind === "command") {
      lines.push(`OUT=$(printf %s ${quoted(action.stdin)} | ${inFolder(`sh -c ${quoted(action.command)}`)} 2>/dev/null 3>&-) || true`);
      for (const [name, from] of Object.entries(capture)) {
        if (from === "stdout") lines.push(`export ${name}="$OUT"`);
        else if (from.matches !== undefined)
          lines.push(`export ${name}="$(printf %s "$OUT" | perl -0777 -ne 'print $1 // $& if /${from.matches}/m')"`);
      }
    }
  }
  const teardown = [
    'for pid in $BACKGROUND; do kill -- "-$pid" 2>/dev/null || true; done',
    "docker ps -aq | xargs -r docker rm -fv >/dev/null || true",
    "docker volume ls -q | xargs -r docker volume rm -f >/dev/null || true",
    "docker images --format '{{.Repository}}:{{.Tag}}' | grep -v '^busybox:latest$' | grep -v '<none>' | xargs -r docker rmi -f >/dev/null || true",
    "docker image prune -f >/dev/null",
  ];
  return `@test ${quoted(plan.name)} {\n${[...lines, ...teardown].map((line) => `  ${line}`).join("\n")}\n}\n`;
}

/** Milliseconds of a program that must end well. */
function timed(file, args, options) {
  const start = performance.now();
  execFileSync(file, args, { stdio: ["ignore", "ignore", "inherit"], ...options });
  return performance.now() - start;
}

/** Proportional memory, in MiB, of all that a process started. */
function memoryBelow(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "latin1").trim().split(" ").filter(Boolean),
  );
  return children.reduce((sum, child) => {
    try {
      const own = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${child}/smaps_rollup`, "utf8"))?.[1] ?? 0) / 1024;
      return sum + own + memoryBelow(child);
    } catch {
      return sum;
    }
  }, 0);
}

/**
 * Rows for the bench's table. `real`: the environment in which `docker` is the real one; `folder`: for what is written.
 * `rounds` alternating runs of the whole course.
 */
export async function courseRows({ real, folder, rounds }) {
  const rows = [];
  const place = join(folder, "course");
  const temporary = join(place, "tmp");
  mkdirSync(temporary, { recursive: true });
  const env = { ...process.env, TMPDIR: temporary };
  delete env.DOCKER_HOST;
  const run = (args) => timed(process.execPath, [slipway, "run", ...args, "--quiet"], { cwd: place, env });

  // Those that need no image but the one which both have from the start.
  const all = await loadPlans([join(project, "scenarios")]);
  const plans = all.filter(({ images }) => images.every((image) => image === "busybox"));
  const files = plans.map(({ file }) => file);
  const bats = join(place, "course.bats");
  writeFileSync(bats, plans.map(batsTest).join("\n"));
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(run(files));
    times.theirs.push(timed("bats", [bats], { cwd: place, env: { ...process.env, ...real, TMPDIR: temporary } }));
  }
  const [ours, theirs] = [Math.min(...times.ours), Math.min(...times.theirs)];
  const steps = plans.reduce((sum, plan) => sum + plan.steps.length, 0);
  rows.push({
    what: `the course, ${plans.length} scenarios of ${steps} steps: slipway run, against bats`,
    ours: `${(ours / 1000).toFixed(1)} s`,
    theirs: `${(theirs / 1000).toFixed(1)} s`,
    ratio: (ours / theirs).toFixed(2),
    aim: "≤ 0.2",
    met: ours / theirs <= 0.2,
  });

  const small = join(place, "small.yaml");
  writeFileSync(small, "name: small\nimages: [busybox]\nsteps:\n  - run: docker run --rm busybox echo hi\n    expect: { stdout: hi }\n");
  for (const jobs of [1, 2, 4, 8]) {
    const count = 4 * jobs;
    const ms = run([small, "--repeat", String(count), "--jobs", String(jobs)]);
    rows.push({
      what: `scenarios a second, --jobs ${jobs} (${count} of one docker run each)`,
      ours: `${(count / (ms / 1000)).toFixed(2)} /s`,
      theirs: "",
      ratio: "",
      aim: "",
      met: true,
    });
  }

  const jobs = 4;
  const waiting = join(place, "waiting.yaml");
  writeFileSync(
    waiting,
    "name: waiting\nimages: [busybox]\nsteps:\n  - run: docker run -d busybox sleep 1000\n  - run: touch started; sleep 1000\n",
  );
  const child = spawn(process.execPath, [slipway, "run", waiting, "--repeat", String(jobs), "--jobs", String(jobs), "--quiet"], {
    cwd: place,
    env,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const isStarted = (name) => {
    try {
      return readdirSync(join(temporary, name, "root/tmp/work")).includes("started");
    } catch {
      return false;
    }
  };
  for (let tries = 0; readdirSync(temporary).filter(isStarted).length < jobs && tries < 600; tries++) await sleep(100);
  const each = memoryBelow(child.pid) / jobs;
  child.kill("SIGINT");
  await ended;
  rows.push({
    what: "memory of a running scenario, with its engine and a container",
    ours: `${each.toFixed(0)} MB`,
    theirs: "",
    ratio: "",
    aim: "< 100 MB",
    met: each < 100,
  });
  rmSync(place, { recursive: true, force: true });
  return rows;
}
