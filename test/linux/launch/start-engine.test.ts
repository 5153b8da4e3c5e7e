import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../../src/harness/targets/submission-limits.ts";
import { enteredEnvironment, enterEngine } from "../../../src/runtime/launch/enter-engine.ts";
import { type EngineHandle, startEngine, type StartOptions } from "../../../src/runtime/launch/start-engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

const project = join(import.meta.dirname, "../../..");

describe.skipIf(!isBuilt || !hasNamespaces)("an engine's world (needs a build, and user namespaces)", () => {
  let base: string;
  let count = 0;
  const started: EngineHandle[] = [];
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), "slipway-launch-"));
    // As below /root: nobody else may pass.
    chmodSync(base, 0o700);
  });
  afterAll(async () => {
    await Promise.all(started.map((engine) => engine.stop()));
    rmSync(base, { recursive: true, force: true });
  });

  async function start(options: Partial<StartOptions> = {}): Promise<EngineHandle> {
    const engine = await startEngine({ root: join(base, `root-${++count}`), ...options });
    started.push(engine);
    return engine;
  }
  function enter(engine: EngineHandle, script: string, cwd = "/run/slipway/root") {
    const [file, ...args] = enterEngine(engine, { cwd, command: ["sh", "-c", script] });
    return spawnSync(file, args, { encoding: "utf8", env: { ...process.env, ...enteredEnvironment("/usr/bin:/bin") } });
  }
  function keeperOf(engine: EngineHandle): number {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${engine.pid}/status`, "utf8"))?.[1]);
  }
  /** A zombie waits for the host's process 1, and is gone otherwise. */
  function isAlive(pid: number): boolean {
    try {
      return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  }
  /** Every process whose root or command line has the engine's root, and every cgroup and socket that it left. */
  function leftovers(engine: EngineHandle): readonly string[] {
    const processes = readdirSync("/proc").filter((pid) => {
      try {
        return /^\d+$/.test(pid) && pid !== String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(engine.root);
      } catch {
        return false;
      }
    });
    const cgroups = spawnSync("find", ["/sys/fs/cgroup", "-name", `${cgroupName(engine)}*`], { encoding: "utf8" })
      .stdout.split("\n")
      .filter(Boolean);
    return [...processes, ...cgroups, ...(existsSync(engine.socket) ? [engine.socket] : [])];
  }
  /** The name is the keeper's own affair; it is read from what it made. */
  function cgroupName(engine: EngineHandle): string {
    return names.get(engine) ?? "slipway-none";
  }
  const names = new Map<EngineHandle, string>();
  function rememberCgroups(engine: EngineHandle): readonly string[] {
    const environment = readFileSync(`/proc/${nodeOf(engine)}/environ`, "utf8").split("\0");
    const folders = (environment.find((line) => line.startsWith("SLIPWAY_CGROUPS="))?.slice(16) ?? "").split(",").filter(Boolean);
    const name = folders[0]?.split("/").pop();
    if (name !== undefined) names.set(engine, name);
    return folders.map((entry) => entry.slice(entry.indexOf("=") + 1));
  }
  function nodeOf(engine: EngineHandle): number {
    return Number(readFileSync(`/proc/${engine.pid}/task/${engine.pid}/children`, "utf8").trim().split(" ")[0]);
  }

  function ping(engine: EngineHandle): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: engine.socket, path: "/_ping" }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
      });
      call.on("error", reject);
      call.end();
    });
  }

  test("answers on its socket, and after stop nothing is left but its files", async () => {
    const engine = await start();
    rememberCgroups(engine);
    expect(await ping(engine)).toBe(200);
    expect(statSync(engine.root).uid).toBe(engine.owner.uid);
    await engine.stop();
    expect(leftovers(engine)).toEqual([]);
    const again = await start({ root: engine.root });
    expect(await ping(again)).toBe(200);
    await again.stop();
  });

  test("starts from the snapshot of it that the build made, with a submission's limits too, and without where there is none for its limits", async () => {
    const { engineMemory } = defaultLimits;
    for (const [limits, snapshot] of [
      [undefined, true],
      [defaultLimits, true],
      [{ ...defaultLimits, engineMemory: engineMemory + 64 * 1024 ** 2 }, false],
    ] as const) {
      const engine = await start({ store: join(base, "store"), ...(limits && { limits }) });
      const children = readFileSync(`/proc/${engine.pid}/task/${engine.pid}/children`, "utf8").trim().split(" ");
      const commands = children
        .map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"))
        .filter((command) => command.includes("dist/bundle/engine.js"));
      expect(commands).toHaveLength(1);
      expect(commands[0]?.includes("--snapshot-blob")).toBe(snapshot);
    }
  });

  test("one root has one engine", async () => {
    const engine = await start();
    await expect(startEngine({ root: engine.root })).rejects.toThrow(`another engine is running on ${engine.root}`);
    await engine.stop();
  });

  test("an engine that fails to start tells its own words", async () => {
    const broken = join(base, "broken");
    mkdirSync(join(broken, "dist/bin"), { recursive: true });
    writeFileSync(join(broken, "package.json"), "{}\n");
    writeFileSync(join(broken, "dist/bin/engine.js"), 'console.error("out of cheese"); process.exit(3);\n');
    await expect(start({ packageRoot: broken })).rejects.toThrow("the engine ended before it listened: out of cheese");
  });

  test("a host process joins it: as root, among its files, and ends as the command does", async () => {
    const engine = await start();
    const { stdout } = enter(
      engine,
      "id -u; pwd; hostname; command -v docker; echo $DOCKER_HOST; test -w /usr || echo read-only; touch /tmp/mine; ls /tmp",
    );
    expect(stdout.split("\n").filter((line) => line !== "read-only")).toEqual([
      "0",
      "/run/slipway/root",
      "slipway",
      "/run/slipway/bin/docker",
      "unix:///run/slipway/root/docker.sock",
      "mine",
      "",
    ]);
    expect(existsSync(join(engine.root, "tmp/mine"))).toBe(true);
    expect(enter(engine, "exit 7").status).toBe(7);
    expect(enter(engine, "kill -9 $$").signal).toBe("SIGKILL");
    expect(enter(engine, "true", "/not/there")).toMatchObject({ status: 125, stderr: "slipway: /not/there: No such file or directory\n" });
    await engine.stop();
  });

  test("a sealed world has the host's files read-only and no homes, and yet its containers' limits", async () => {
    const engine = await start({ sealed: true });
    const looked = enter(
      engine,
      "ls -A /home /root; for place in /usr /etc /home; do touch $place/mark 2>/dev/null && echo $place; done; touch /tmp/mark && ls /tmp",
    );
    expect(looked.stdout).toBe("/home:\n\n/root:\n/home\nmark\n");
    const own = `find /sys/fs/cgroup -name '${cgroupName(engine)}'`;
    expect(enter(engine, `for folder in $(${own}); do [ -w $folder ] || echo $folder; done`).stdout).toBe("");
  });

  test("a confined process has the engine's socket, and nothing else of it", async () => {
    const engine = await start({ sealed: true });
    const script = `ls /run/slipway/root /run/slipway/store; echo x > /run/slipway/bin/docker; umount /run/slipway/root; mount -t tmpfs none /mnt
ls /proc/1/root; touch /sys/fs/cgroup/mark; unshare --user --map-root-user umount /run/slipway/store; docker version --format '{{.Server.Version}}'`;
    const [file, ...args] = enterEngine(engine, { cwd: "/tmp", command: ["sh", "-c", script], confined: true });
    const { stdout, stderr } = spawnSync(file, args, { encoding: "utf8", env: enteredEnvironment("/usr/bin:/bin:/usr/sbin:/sbin") });
    expect(stdout).toMatch(/^\/run\/slipway\/root:\ndocker\.sock\n\n\/run\/slipway\/store:\n\d+\.\d+\.\d+\n$/);
    expect(stderr).toMatch(
      /docker: Read-only file system[^]*umount[^]*mount[^]*\/proc\/1\/root[^]*mark'?: (Read-only|Permission)[^]*unshare|umount/,
    );
  });

  test("what a killed step leaves behind is reaped by process 1", async () => {
    const engine = await start();
    enter(engine, "(sleep 0.01 &) ; exit 0");
    await expect.poll(() => readFileSync(`/proc/${engine.pid}/task/${engine.pid}/children`, "utf8").trim().split(" ").length).toBe(1);
    await engine.stop();
  });

  /** A process in the engine's world that would outlive everything, frozen where the host lets us freeze. */
  async function plantProcess(engine: EngineHandle): Promise<ChildProcess> {
    const freezer = rememberCgroups(engine).find((path) => path.includes("/freezer/"));
    const prepare = freezer === undefined ? "" : `mkdir ${freezer}/c; echo $$ > ${freezer}/c/cgroup.procs;`;
    const [file, ...args] = enterEngine(engine, {
      cwd: "/",
      command: ["sh", "-c", `trap '' TERM HUP; ${prepare} echo up; sleep 1000 & wait`],
    });
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    if (freezer !== undefined) writeFileSync(join(freezer, "c/freezer.state"), "FROZEN");
    return child;
  }

  test.each([
    ["process 1", (engine: EngineHandle) => engine.pid],
    ["node", (engine: EngineHandle) => nodeOf(engine)],
    ["the keeper", (engine: EngineHandle) => keeperOf(engine)],
  ] as const)("a SIGKILL of %s takes everything along, frozen processes too", async (_who, victim) => {
    const engine = await start();
    const child = await plantProcess(engine);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    process.kill(victim(engine), "SIGKILL");
    await engine.exited;
    await ended;
    await expect.poll(() => leftovers(engine)).toEqual([]);
    expect(isAlive(engine.pid)).toBe(false);
  });

  test("a SIGKILL of the process that started it takes it along", async () => {
    const root = join(base, "orphan");
    const script = `
      const { startEngine } = await import(${JSON.stringify(join(project, "dist/runtime/launch/start-engine.js"))});
      const engine = await startEngine({ root: ${JSON.stringify(root)} });
      console.log(engine.pid);
      setInterval(() => {}, 1000);`;
    const runner = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = Number(await new Promise<string>((resolve) => runner.stdout.once("data", (chunk) => resolve(String(chunk)))));
    expect(isAlive(pid)).toBe(true);
    runner.kill("SIGKILL");
    await expect.poll(() => isAlive(pid) || existsSync(join(root, "docker.sock"))).toBe(false);
  });

  test.skipIf(process.getuid?.() !== 0)("root's engine is no root outside: the host's files are not its own", async () => {
    const engine = await start();
    const { stderr } = enter(engine, "echo x > /etc/hostname; cat /etc/shadow");
    expect(stderr).toMatch(/\/etc\/hostname: (Permission denied|Read-only file system)/);
    expect(stderr).toContain("/etc/shadow: Permission denied");
    expect(execFileSync("stat", ["-c", "%u", join("/proc", String(engine.pid))], { encoding: "utf8" })).not.toBe("0\n");
    await engine.stop();
  });
});
