import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProcessSpec, RuntimeSpec } from "../../../src/oci/runtime-spec.ts";
import { LinuxKernel } from "../../../src/runtime/kernel/linux.ts";
import { newNetworkNamespace } from "../../../src/runtime/kernel/namespaces.ts";
import { LinuxSandbox } from "../../../src/runtime/sandbox/linux-sandbox.ts";
import type { SandboxContainer, SandboxProcess } from "../../../src/runtime/sandbox/sandbox.ts";
import { busyboxRootfs, findBusybox, processSpec, runtimeSpec } from "../../support/sandbox-spec.ts";

const busybox = findBusybox();
// Elsewhere the sandbox is only used inside an engine's namespaces, which test/compat does.
const runnable = process.getuid?.() === 0 && busybox !== null;

describe.skipIf(!runnable)("a sandbox (needs root, and a static busybox)", () => {
  let base: string;
  let rootfs: string;
  let network: number;
  let sandbox: LinuxSandbox;
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), "slipway-sandbox-"));
    rootfs = busyboxRootfs(busybox as string);
    network = newNetworkNamespace();
    sandbox = new LinuxSandbox(new LinuxKernel(), { folder: join(base, "state") });
  });
  afterAll(() => {
    closeSync(network);
    rmSync(base, { recursive: true, force: true });
    rmSync(rootfs, { recursive: true, force: true });
  });

  const spec = (process: ProcessSpec, more: Partial<RuntimeSpec> = {}): RuntimeSpec =>
    runtimeSpec(rootfs, `/proc/self/fd/${network}`, process, more);

  /** As the engine does: what is kept for a container goes after its end. */
  async function start(...how: Parameters<LinuxSandbox["start"]>): Promise<SandboxContainer> {
    const started = await sandbox.start(...how);
    void started.exited.then(() => started.release());
    return started;
  }
  async function outcome(started: SandboxProcess): Promise<{ stdout: string; stderr: string; exitCode: number; signal: string | null }> {
    const [stdout, stderr, status] = await Promise.all([
      text(started.stdout),
      started.stderr === null ? "" : text(started.stderr),
      started.exited,
    ]);
    return { stdout, stderr, ...status };
  }
  async function run(command: string, more: Partial<ProcessSpec> = {}, container: Partial<RuntimeSpec> = {}) {
    return await outcome(await start(spec(processSpec(["sh", "-c", command], more), container), { openStdin: false }));
  }
  /** Resolves when `stream` has said `what`; the stream goes on. */
  function said(stream: Readable, what: string | RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      let seen = "";
      stream.on("data", (chunk) => {
        seen += String(chunk);
        if (seen.search(what) >= 0) resolve(seen);
      });
      stream.once("end", () => reject(new Error(`ended after ${JSON.stringify(seen)}`)));
    });
  }

  test("process 1 sees itself, its hostname, its environment, and nothing of ours that is open", async () => {
    expect(await run("echo $$; hostname; echo $HOME; ls /proc/self/fd; exit 7")).toEqual({
      stdout: "1\nbox\n/root\n0\n1\n2\n3\n",
      stderr: "",
      exitCode: 7,
      signal: null,
    });
  });

  test("mounts are Docker's, and masked and read-only paths are", async () => {
    const { stdout } = await run(
      "awk '{print $5, $6}' /proc/self/mountinfo; wc -c < /proc/version; ls /sys/kernel; echo 1 > /proc/sys/kernel/panic; ls /dev | grep -v core",
    );
    expect(stdout.replaceAll(/,relatime/g, "")).toMatchInlineSnapshot(`
      "/dev/null rw
      /dev/zero rw
      /dev/full rw
      /dev/random rw
      /dev/urandom rw
      /dev/tty rw
      /proc rw,nosuid,nodev,noexec
      /dev rw,nosuid
      /dev/pts rw,nosuid,noexec
      /sys ro,nosuid,nodev,noexec
      /dev/mqueue rw,nosuid,nodev,noexec
      /dev/shm rw,nosuid,nodev,noexec
      / rw
      /proc/sys ro,nosuid,nodev,noexec
      /proc/version rw
      /sys/kernel ro
      0
      fd
      full
      mqueue
      null
      ptmx
      pts
      random
      shm
      stderr
      stdin
      stdout
      tty
      urandom
      zero
      "
    `);
  });

  test("capabilities, groups and umask are Docker's default", async () => {
    const { stdout } = await run("grep -E '^(Cap|NoNewPrivs|Umask|Groups)' /proc/self/status", {
      user: { uid: 0, gid: 0, additionalGids: [10] },
    });
    // As `docker run busybox cat /proc/self/status` has it on 20.10.
    expect(stdout.replaceAll(/[ \t]+/g, " ")).toBe(
      "Umask: 0022\nGroups: 10 \nCapInh: 0000000000000000\nCapPrm: 00000000a80425fb\nCapEff: 00000000a80425fb\n" +
        "CapBnd: 00000000a80425fb\nCapAmb: 0000000000000000\nNoNewPrivs: 0\n",
    );
  });

  test("another user has no capabilities, but may write to /dev/stdout", async () => {
    const { stdout } = await run("grep CapEff /proc/self/status; id -u; echo there > /dev/stdout", {
      user: { uid: 1000, gid: 1000, additionalGids: [] },
      noNewPrivileges: true,
    });
    expect(stdout).toBe("CapEff:\t0000000000000000\n1000\nthere\n");
  });

  test("limits, the working folder and a read-only root are honoured", async () => {
    const { stdout, stderr } = await run(
      "ulimit -n; ulimit -Hn; pwd; touch /etc/x; touch /dev/shm/y && ls /dev/shm",
      {
        cwd: "/made/for/it",
        rlimits: [{ type: "RLIMIT_NOFILE", soft: 50, hard: 60 }],
      },
      { root: { path: rootfs, readonly: true } },
    );
    expect(stdout).toBe("50\n60\n/made/for/it\ny\n");
    expect(stderr).toBe("touch: /etc/x: Read-only file system\n");
  });

  test("a death by signal is 128 and its number, and takes the others of the container along", async () => {
    const started = await start(spec(processSpec(["sh", "-c", "sleep 1000 & echo up; wait"])), { openStdin: false });
    await said(started.stdout, "up");
    started.kill(15);
    started.kill(9);
    expect(await started.exited).toEqual({ exitCode: 137, signal: "SIGKILL" });
    expect(existsSync(`/proc/${started.pid}`)).toBe(false);
  });

  test("standard input is passed on and its end is seen", async () => {
    const started = await start(spec(processSpec(["cat"])), { openStdin: true });
    started.stdin?.end("one\ntwo\n");
    expect(await outcome(started)).toMatchObject({ stdout: "one\ntwo\n", exitCode: 0 });
  });

  test.each([
    [["foo"], 'exec: "foo": executable file not found in $PATH: unknown', 127],
    [["/foo"], 'exec: "/foo": stat /foo: no such file or directory: unknown', 127],
    [["/etc"], 'exec: "/etc": permission denied: unknown', 126],
    [["/etc/passwd"], 'exec: "/etc/passwd": permission denied: unknown', 126],
    [[""], 'exec: "": executable file not found in $PATH: unknown', 127],
  ] as const)("%j cannot be started, in runc's words", async (args, message, exitCode) => {
    await expect(start(spec(processSpec(args)), { openStdin: false })).rejects.toMatchObject({
      name: "StartError",
      message,
      exitCode,
    });
  });

  test("a program in no known format is started, and fails by itself", async () => {
    writeFileSync(join(rootfs, "bad"), "garbage", { mode: 0o755 });
    const started = await start(spec(processSpec(["/bad"])), { openStdin: false });
    expect(await outcome(started)).toMatchObject({ stderr: "exec /bad: exec format error\n", exitCode: 1 });
  });

  test("a terminal is the container's own, has a size, and is its console", async () => {
    const started = await start(
      spec(
        processSpec(["sh", "-c", "tty; stty size; ls -l /dev/console | cut -c1"], {
          terminal: true,
          consoleSize: { height: 33, width: 99 },
        }),
      ),
      { openStdin: true },
    );
    expect(await outcome(started)).toMatchObject({ stdout: "/dev/pts/0\r\n33 99\r\nc\r\n", exitCode: 0 });
  });

  test("a terminal has job control: Ctrl-C ends what runs in the foreground, not the shell; a new size is told", async () => {
    const shell = processSpec(["sh"], { terminal: true, env: ["PATH=/bin", "PS1=% "], consoleSize: { height: 24, width: 80 } });
    const started = await start(spec(shell), { openStdin: true });
    const { stdin, stdout } = started;
    await said(stdout, "% ");
    stdin?.write("sh -c 'echo in front; sleep 1000; echo not'\n");
    await said(stdout, /^in front\r\n/m);
    stdin?.write("\u0003");
    // The prompt again; busybox asks where the cursor is, too.
    await said(stdout, /\^C\r\n% /);
    started.resize({ height: 40, width: 120 });
    stdin?.write("stty size; jobs; exit 3\n");
    await said(stdout, "40 120");
    expect(await started.exited).toEqual({ exitCode: 3, signal: null });
  });

  test("exec joins every namespace of the container, with a terminal from its own devpts", async () => {
    const container = spec(processSpec(["sleep", "1000"]));
    const first = await start(container, { openStdin: false });
    try {
      const namespaces =
        "for n in ipc mnt net pid user uts; do [ $(readlink /proc/1/ns/$n) = $(readlink /proc/self/ns/$n) ] && echo $n; done";
      const command = processSpec(["sh", "-c", `${namespaces}; tty; hostname; exit 4`], { terminal: true });
      const second = await outcome(await sandbox.exec(first.pid, container, command, { openStdin: true }));
      expect(second).toMatchObject({ stdout: "ipc\r\nmnt\r\nnet\r\npid\r\nuser\r\nuts\r\n/dev/pts/0\r\nbox\r\n", exitCode: 4 });
      const gone = sandbox.exec(first.pid, container, processSpec(["pwd"], { cwd: "/gone" }), { openStdin: false });
      await expect(gone).rejects.toThrow('chdir to cwd ("/gone") set in config.json failed: no such file or directory: unknown');
    } finally {
      first.kill(9);
      await first.exited;
    }
  });

  test("a bind of a file and of a folder, made where nothing was, keep to their options", async () => {
    writeFileSync(join(base, "file"), "content");
    mkdirSync(join(base, "folder"));
    const { stdout, stderr } = await run(
      "cat /new/file; touch /data/x; touch /rw/y",
      {},
      {
        mounts: [
          { destination: "/new/file", type: "bind", source: join(base, "file"), options: ["rbind"] },
          { destination: "/data", type: "bind", source: join(base, "folder"), options: ["rbind", "ro"] },
          { destination: "/rw", type: "bind", source: join(base, "folder"), options: ["rbind"] },
        ],
      },
    );
    expect(stdout).toBe("content");
    expect(stderr).toBe("touch: /data/x: Read-only file system\n");
    expect(readdirSync(join(base, "folder"))).toEqual(["y"]);
  });

  describe("an image full of links", () => {
    let hostile: string;
    let outside: string;
    beforeAll(() => {
      outside = join(base, "outside");
      mkdirSync(outside);
      hostile = busyboxRootfs(busybox as string);
    });
    afterAll(() => rmSync(hostile, { recursive: true, force: true }));
    const hostileRun = async (mounts: RuntimeSpec["mounts"]) =>
      await outcome(
        await start(
          { ...spec(processSpec(["sh", "-c", "cat /etc/hosts"]), { mounts }), root: { path: hostile, readonly: false } },
          { openStdin: false },
        ),
      );

    test("cannot lead the target of a mount out of it", async () => {
      symlinkSync(outside, join(hostile, "absolute"));
      symlinkSync("../../../../../../../../..".concat(outside), join(hostile, "relative"));
      symlinkSync(join(outside, "dangling"), join(hostile, "etc/hosts"));
      writeFileSync(join(base, "hosts"), "127.0.0.1 localhost\n");
      const bind = (destination: string) => ({ destination, type: "bind", source: join(base, "hosts"), options: ["rbind"] }) as const;
      const { stdout } = await hostileRun([bind("/absolute/a"), bind("/relative/b"), bind("/etc/hosts")]);
      expect(stdout).toBe("127.0.0.1 localhost\n");
      expect(readdirSync(outside)).toEqual([]);
      expect(lstatSync(join(hostile, outside, "dangling")).isFile()).toBe(true);
    });

    test.each(["proc", "dev", "sys"])("cannot have /%s elsewhere", async (name) => {
      rmSync(join(hostile, name), { recursive: true, force: true });
      symlinkSync(outside, join(hostile, name));
      await expect(hostileRun([])).rejects.toThrow(`error mounting to rootfs at "/${name}": not a folder but a link`);
      rmSync(join(hostile, name));
      expect(readdirSync(outside)).toEqual([]);
    });
  });

  test("nothing is left: no mount, no folder, no descriptor", async () => {
    await run("true");
    const before = readdirSync("/proc/self/fd").length;
    for (let round = 0; round < 3; round++) await run("true");
    await start(spec(processSpec(["missing"])), { openStdin: true }).catch(() => undefined);
    await expect.poll(() => readdirSync(join(base, "state"))).toEqual([]);
    expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain(base);
    await expect.poll(() => readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
  });
});
