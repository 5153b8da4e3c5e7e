// The rows of `npm run bench` on networks, ports and volumes: what each adds to a run, and how many requests a second go through a published port.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { startEngine } from "../dist/runtime/launch/start-engine.js";

/** Connections at a time, and milliseconds, of the load on a published port. */
const CONNECTIONS = 8;
const DURATION = 2000;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const RUNS = {
  "--network none": "--network none",
  "the default bridge": "",
  "a user-defined network": "--network bench-lan",
  "a published port": "-p 127.0.0.1::80",
  "a new volume": "-v /data",
};

/** `sh(script, env)` runs a script; `ours` and `real` are the environments of the two `docker`s; `row(what, ours, theirs, aim, met)` takes a line. */
export async function networkRows({ ours, real, sh, rounds, folder, store, row }) {
  for (const env of [ours, real]) sh("docker network create bench-lan >/dev/null", env);
  const times = Object.fromEntries(Object.keys(RUNS).map((what) => [what, { ours: [], real: [] }]));
  for (let round = -1; round < rounds; round++) {
    for (const [what, flags] of Object.entries(RUNS)) {
      for (const [who, env] of [
        ["ours", ours],
        ["real", real],
      ]) {
        const start = performance.now();
        sh(`docker run --rm ${flags} busybox true`, env);
        if (round >= 0) times[what][who].push(performance.now() - start);
      }
    }
  }
  for (const [what, { ours: mine, real: theirs }] of Object.entries(times)) {
    const ratio = median(mine) / median(theirs);
    row(`docker run --rm with ${what}`, `${median(mine).toFixed(0)} ms`, `${median(theirs).toFixed(0)} ms`, "≤ 0.5", ratio <= 0.5);
  }
  const none = median(times["--network none"].ours);
  const bridge = median(times["the default bridge"].ours);
  row("a run on the default bridge, of one with --network none", (bridge / none).toFixed(2), "", "≤ 1.2", bridge / none <= 1.2);

  const root = join(folder, "published");
  const engine = await startEngine({ root, store, hostNetwork: true });
  try {
    const published = { ...ours, DOCKER_HOST: `unix://${engine.socket}`, PATH: real.PATH };
    sh("docker pull -q busybox >/dev/null", published);
    const ports = [published, real].map((env) => serve(sh, env));
    const counts = { ours: [], real: [] };
    for (let round = 0; round < 3; round++) {
      counts.ours.push(await requestsPerSecond(ports[0]));
      counts.real.push(await requestsPerSecond(ports[1]));
    }
    const [mine, theirs] = [median(counts.ours), median(counts.real)];
    row("requests a second through a published port", `${mine.toFixed(0)} /s`, `${theirs.toFixed(0)} /s`, "≥ 1", mine / theirs >= 1);
    sh("docker rm -f bench-web >/dev/null", real);
  } finally {
    await engine.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** A web server in a container; the host's port. */
function serve(sh, env) {
  const server = "mkdir /w; echo page > /w/index.html; exec httpd -f -h /w -p 80";
  sh(`docker run -d --name bench-web -p 127.0.0.1::80 busybox sh -c '${server}' >/dev/null`, env);
  const port = Number(String(sh("docker port bench-web 80", env)).trim().split(":").pop());
  for (let tries = 0; ; tries++) {
    try {
      execFileSync("bash", ["-c", `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; grep -q page <&3`], {
        stdio: "ignore",
      });
      return port;
    } catch (error) {
      if (tries > 50) throw error;
    }
  }
}

/** A connection for each request, as `wget` makes them. */
async function requestsPerSecond(port) {
  let done = 0;
  const start = performance.now();
  const ask = () =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.0\r\n\r\n"));
      let text = "";
      socket.on("data", (chunk) => (text += chunk));
      socket.on("error", () => undefined);
      socket.on("close", () => {
        if (text.endsWith("page\n")) done += 1;
        resolve();
      });
    });
  const client = async () => {
    while (performance.now() - start < DURATION) await ask();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return (done * 1000) / (performance.now() - start);
}
