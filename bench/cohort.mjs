// Grades a generated cohort as a whole, then again with a grader that is killed (SIGKILL) and resumed; both must come to the same gradebook and leave
// nothing behind. Prints submissions a minute and the grader's memory. node bench/cohort.mjs [--count 200] [--kills 5] [--jobs N]
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const project = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "200" },
    kills: { type: "string", default: "5" },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
const [count, kills] = [Number(values.count), Number(values.kills)];
const place = mkdtempSync(join(tmpdir(), "slipway-cohort-"));
// As docs/grading.md says: nobody else's to enter.
chmodSync(place, 0o700);
const exercise = join(place, "exercise");
cpSync(join(project, "exercises/flatten"), exercise, { recursive: true });
const known = readdirSync(join(exercise, "known-bad")).toSorted();

const bomb = Buffer.concat(Array.from({ length: 16 }, () => gzipSync(Buffer.alloc(64 * 1024 * 1024))));

/** Kinds of submissions, by turns: good, partly good, wrong, hostile, empty, broken. */
const kinds = [
  (folder) => cpSync(join(exercise, "solution"), folder, { recursive: true }),
  ...known.map((name) => (folder) => cpSync(join(exercise, "known-bad", name), folder, { recursive: true })),
  (folder) => cpSync(join(exercise, "solution"), folder, { recursive: true }),
  script("exit 1"),
  script("kill -9 -1; exit 0"),
  script("yes | head -c 30000000; (setsid sleep 4243 &); exit 0"),
  script("docker run --privileged busybox true; docker tag busybox flat:v1; rm -rf /tmp/work; echo x > /etc/passwd"),
  script(
    "mkfifo flat.tar; truncate -s 200M big; docker run -d --restart always -v $PWD:/w busybox sh -c 'truncate -s 900G /w/x; while :; do :; done'",
  ),
  (folder) => mkdirSync(folder),
  // A gigabyte of nothing in a megabyte.
  (folder) => writeFileSync(`${folder}.tar.gz`, bomb),
  (folder) => writeFileSync(`${folder}.zip`, "PK\u0003\u0004 broken"),
  (folder) => (mkdirSync(folder), symlinkSync("/etc/passwd", join(folder, "flatten.sh"))),
];
function script(text) {
  return (folder) => (mkdirSync(folder), writeFileSync(join(folder, "flatten.sh"), `#!/bin/sh\n${text}\n`));
}

const submissions = join(place, "submissions");
mkdirSync(submissions);
for (let index = 0; index < count; index++) {
  const folder = join(submissions, `s${String(index).padStart(4, "0")}`);
  kinds[index % kinds.length](folder);
  const file = join(folder, "flatten.sh");
  // Every third is a day late.
  const time = new Date(index % 3 === 0 ? "2026-12-05T12:00:00Z" : "2026-12-01T12:00:00Z");
  try {
    if (!readdirSync(folder).includes("flatten.sh") || spawnSync("test", ["-L", file]).status === 0) continue;
    utimesSync(file, time, time);
  } catch {
    // An archive, or none.
  }
}

const before = leftovers();
let failed = false;
function check(holds, text) {
  if (!holds) failed = true;
  process.stdout.write(`${holds ? "ok" : "FAILED"}: ${text}\n`);
}

/** Runs the grader to its end, or until `until` results are there, when it is killed. */
async function grade(out, { resume = false, until = Infinity }) {
  const argv = [
    join(project, "dist/bin/slipway.js"),
    "grade",
    exercise,
    "-s",
    submissions,
    "-o",
    out,
    "-j",
    values.jobs,
    ...(resume ? ["--resume"] : []),
  ];
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, TMPDIR: place, LANG: "C.UTF-8" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  let peak = 0;
  const watch = { isOver: false };
  void ended.then(() => (watch.isOver = true));
  while (!watch.isOver) {
    await sleep(100);
    const status = readOr(`/proc/${child.pid}/status`, "");
    peak = Math.max(peak, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
    if (resultsIn(out) >= until) child.kill("SIGKILL");
  }
  return { exitCode: await ended, peak, errors };
}
function readOr(file, otherwise) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return otherwise;
  }
}
function resultsIn(out) {
  try {
    return readdirSync(join(out, "results")).filter((name) => name.endsWith(".json")).length;
  } catch {
    return 0;
  }
}
function leftovers() {
  const find = (command) => spawnSync("sh", ["-c", command], { encoding: "utf8" }).stdout.split("\n").filter(Boolean);
  return [
    ...find(`ps axww -o pid,args | grep -F '${place}' | grep -vE 'grep|bench/cohort|vitest'`),
    ...find("ps axww -o args | grep '[s]leep 4243'"),
    ...find(`grep -F '${place}' /proc/mounts`),
    ...readdirSync(place).filter((name) => name.startsWith("slipway-")),
  ];
}

try {
  const whole = join(place, "whole");
  const start = performance.now();
  const first = await grade(whole, {});
  const minutes = (performance.now() - start) / 60_000;
  check(
    first.exitCode === 0,
    `the cohort of ${count} is graded at once${first.exitCode === 0 ? "" : ` (${first.exitCode}): ${first.errors}`}`,
  );

  const killed = join(place, "killed");
  let deaths = 0;
  for (let at = 1; at <= kills; at++) {
    const { exitCode } = await grade(killed, { resume: at > 1, until: Math.floor((count * at) / (kills + 1)) });
    if (exitCode === null) deaths++;
  }
  check(deaths === kills, `the grader was killed ${deaths} times`);
  const last = await grade(killed, { resume: true });
  check(last.exitCode === 0, `the resumed one ends well${last.exitCode === 0 ? "" : `: ${last.errors}`}`);
  const [one, other] = [whole, killed].map((out) => readOr(join(out, "gradebook.csv"), ""));
  check(one !== "" && one === other, "both gradebooks are the same, byte for byte");
  for (let tries = 0; tries < 100 && leftovers().length > before.length; tries++) await sleep(100);
  check(
    leftovers().length === before.length,
    `nothing is left behind${leftovers()
      .map((line) => `\n  ${line}`)
      .join("")}`,
  );
  const statuses = Object.entries(
    grouped(
      one
        .trim()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(",")[2]),
    ),
  );
  process.stdout.write(`${statuses.map(([status, lines]) => `${lines} ${status}`).join(", ")}\n`);
  process.stdout.write(
    `${(count / minutes).toFixed(1)} submissions a minute with ${values.jobs} at a time; the grader's memory ${Math.round(first.peak / 1024)} MB at most\n`,
  );
} finally {
  rmSync(place, { recursive: true, force: true, maxRetries: 10 });
}
process.exitCode = failed ? 1 : 0;

function grouped(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
