import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findRuntimes } from "../../../src/runtime/sandbox/oci-runtimes.ts";
import { runScript } from "../../compat/backends.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

/** What a container is given, what it does and how it ends, by every part of the runtime's command line; `$R` is the runtime. */
const LIFE = `
mkdir h; echo one > h/f
docker run --rm -h box --runtime $R -v $PWD/h:/b:ro -v vol-$R:/v --mount type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1770 --tmpfs /u:size=64k -w /work -e A=b busybox sh -c 'echo $$; hostname; id; pwd; env | sort; cat /b/f; (echo x > /b/f) 2>/dev/null || echo refused; echo y > /v/f && cat /v/f; ls -ld /t | cut -c1-10; df -k /t /u /dev/shm | tr -s " " | cut -d " " -f 2; ls /dev | grep -v core | sort; ls -l /dev/fd /dev/ptmx | sed "s/.*[0-9] //"; head -2 /etc/hosts; ls /sys/fs/cgroup 2>/dev/null | sort; grep -E "Cap|NoNew|Seccomp:" /proc/self/status; ls /proc/acpi /sys/firmware | wc -l; mkdir /sys/x 2>/dev/null || mkdir /proc/y 2>/dev/null || echo no' 
docker run --rm --runtime $R --ulimit nofile=100:200 --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges --read-only --sysctl kernel.shmmax=12345 --shm-size 1m --oom-score-adj 100 busybox sh -c 'ulimit -n; ulimit -Hn; grep -E "Cap|NoNew" /proc/self/status; (echo x > /f) 2>&1; cat /proc/sys/kernel/shmmax /proc/self/oom_score_adj; df -k /dev/shm | tail -1 | tr -s " " | cut -d " " -f 2'
docker run --rm --runtime $R busybox sh -c 'kill -9 $$'; echo "exit $?"; docker run --rm --runtime $R busybox sh -c 'echo out; echo err >&2; exit 3'; echo "exit $?"; docker run --rm --runtime $R busybox nosuch 2>/dev/null; [ $? -gt 124 ] && echo none
docker run --rm -t --runtime $R busybox sh -c 'tty; test -t 0 && echo yes; ls -l /dev/console | cut -c1'; echo hello | docker run --rm -i --runtime $R busybox cat
docker run -d --name w-$R --runtime $R -p 127.0.0.1::80 busybox sh -c 'trap "echo term; exit 9" TERM; while :; do sleep 0.1; done' >/dev/null; until docker exec w-$R true; do :; done
docker exec -e X=1 -w /tmp -u 0:5 w-$R sh -c 'id -u; pwd; echo $X; exit 4'; echo "exit $?"; docker exec -t w-$R tty; echo in | docker exec -i w-$R cat; docker exec w-$R grep CapEff /proc/self/status; docker exec w-$R nosuch >/dev/null 2>&1; [ $? -gt 124 ] && echo none; docker exec w-$R cat /proc/self/cgroup | sed 's/slipway.*//' | sort
docker run --rm --runtime $R --pid container:w-$R --network container:w-$R busybox sh -c 'ps -o args | grep -v grep | grep -q trap && echo seen; hostname | wc -c'; docker top w-$R | grep -q trap && echo seen; docker stats --no-stream --format '{{.Name}}' w-$R; docker port w-$R 80 | grep -c 127.0.0.1
docker pause w-$R; docker exec w-$R true; docker unpause w-$R; docker stop w-$R; docker inspect -f '{{.State.ExitCode}}' w-$R; docker logs w-$R; docker start w-$R; docker restart -t 0 w-$R; docker kill w-$R; docker wait w-$R; docker diff w-$R; docker rm -f w-$R
docker run --rm --runtime $R -v /run/slipway:/x busybox ls /x >/dev/null 2>&1; echo "exit $?"; docker run --rm --runtime $R -v /run:/x busybox ls /x/slipway; echo "exit $?"
`;

/** Only root has cgroups of its own everywhere: without them what should be killed would take all the memory that the host has. runc has threads
 * of its own in the group until the program starts, so that less than some twenty would now and then be too few for it. */
const LIMITS =
  process.getuid?.() === 0
    ? `docker run --name oom-$R --runtime $R --memory 16m --memory-swap 16m busybox sh -c 'exec tail /dev/zero'; docker inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}}' oom-$R; docker run --rm --runtime $R --pids-limit 20 busybox sh -c 'for i in $(seq 30); do sleep 5 & done' 2>&1 | grep -c "can't fork"`
    : "";

describe.skipIf(!isBuilt || !hasNamespaces)("containers by an OCI runtime of the host's (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const sh = async (script: string): Promise<string> => {
    const backend = { name: "ours", docker: "/run/slipway/bin/docker", socket: engine.socket, engine: engine.handle };
    const { stdout, stderr } = await runScript(script, backend);
    return stdout + stderr;
  };
  const life = async (runtime: string): Promise<string> =>
    (await sh(`R=${runtime}\n${LIFE}${LIMITS}`)).replaceAll(`-${runtime}`, "-R").replaceAll(/Container [^ ]{12,} /g, "Container ID ");

  let ofOurOwn: Promise<string> | undefined;
  for (const name of ["runc", "crun"]) {
    const runtime = findRuntimes().find((found) => found.name === name);
    test.concurrent(
      `a container of ${name}'s is given what one of our own is, and lives and ends alike (needs ${name})`,
      { skip: runtime === undefined },
      async ({ expect }) => {
        const [theirs, own] = await Promise.all([life(name), (ofOurOwn ??= life("slipway"))]);
        expect(theirs).toBe(own);
        expect(own).toContain("uid=0(root)");
        expect(await sh("docker info -f '{{json .Runtimes}} {{.DefaultRuntime}}'")).toContain(`"${name}":{"path":"${runtime?.program}"}`);
        expect(await sh(`docker inspect -f '{{.HostConfig.Runtime}}' $(docker create --runtime ${name} busybox)`)).toBe(`${name}\n`);
        // What the runtime keeps is gone with its containers.
        const kept = (): readonly string[] =>
          readdirSync(`/proc/${engine.handle.pid}/root/run/slipway/sandbox`)
            .filter((entry) => entry.startsWith("oci-"))
            .flatMap((entry) => readdirSync(join(`/proc/${engine.handle.pid}/root/run/slipway/sandbox`, entry)))
            .filter((entry) => entry !== "state");
        await expect.poll(kept).toEqual([]);
      },
    );
  }

  test("a runtime that is not there is refused in Docker's words, and nothing is made", async () => {
    expect(await sh("docker create --runtime nosuch busybox; docker ps -aq")).toContain(
      "Error response from daemon: unknown or invalid runtime name: nosuch",
    );
    expect(await sh("docker ps -aq --filter name=nosuch")).toBe("");
  });
});
