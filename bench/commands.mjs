// The rows of `npm run bench` on single commands against a container that runs, and what the start of our command's own process costs.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const COMMANDS = {
  "docker exec bench-box true": "docker exec bench-box true",
  "docker ps -a": "docker ps -a",
  "docker logs, 1000 lines": "docker logs bench-box",
  "docker cp, a file in and out": "docker cp -q in bench-box:/tmp/in && docker cp -q bench-box:/tmp/in out",
  "docker inspect": "docker inspect bench-box",
};

/** Milliseconds of `action`. */
const timed = (action) => {
  const start = performance.now();
  action();
  return performance.now() - start;
};

/** `sh(script, env)` runs a script in `work`; `ours` and `real` are the environments of the two `docker`s; `row(what, ours, theirs, aim, met)` takes a line. */
export function commandRows({ ours, real, sh, rounds, work, cli, row }) {
  writeFileSync(join(work, "in"), "a line\n".repeat(1000));
  for (const env of [ours, real]) {
    sh("docker run -d --name bench-box busybox sh -c 'seq 1000; exec sleep 100000' >/dev/null", env);
    sh('until [ "$(docker logs -n 1 bench-box)" = 1000 ]; do sleep 0.1; done', env);
  }
  for (const [what, script] of Object.entries(COMMANDS)) {
    const times = { ours: [], real: [] };
    for (let round = -1; round < rounds; round++) {
      const mine = timed(() => sh(script, ours));
      const theirs = timed(() => sh(script, real));
      if (round < 0) continue;
      times.ours.push(mine);
      times.real.push(theirs);
    }
    const [mine, theirs] = [median(times.ours), median(times.real)];
    const aim = what.startsWith("docker cp") ? 1.5 : 1;
    row(what, `${mine.toFixed(0)} ms`, `${theirs.toFixed(0)} ms`, `≤ ${aim}`, mine / theirs <= aim);
  }
  const start = startCost({ cli, ours, rounds });
  row("our own process for docker ps, above node -e 0", `${start.toFixed(0)} ms`, "", "< 40 ms", start < 40);
  for (const env of [ours, real]) sh("docker rm -f bench-box >/dev/null", env);
}

/** What a command that cannot be served by the engine's process adds to Node's own start. */
function startCost({ cli, ours, rounds }) {
  const node = (...words) => timed(() => execFileSync(process.execPath, words, { env: { ...process.env, ...ours }, stdio: "ignore" }));
  const times = { empty: [], command: [] };
  for (let round = -1; round < rounds; round++) {
    const [empty, command] = [node("-e", "0"), node(cli, "ps")];
    if (round < 0) continue;
    times.empty.push(empty);
    times.command.push(command);
  }
  return median(times.command) - median(times.empty);
}
