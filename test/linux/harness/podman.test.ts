import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RunPlace } from "../../support/slipway-run.ts";

const isRoot = process.getuid?.() === 0;
const whyNot = !existsSync("/usr/bin/podman") ? "there is no podman" : isRoot ? null : "it must be started by root";

describe("podman's service", () => {
  test.skipIf(whyNot !== null)(
    `runs what the embedded engine runs, and leaves nothing${whyNot === null ? "" : ` (skipped: ${whyNot})`}`,
    async () => {
      using place = new RunPlace();
      place.scenario(
        "life",
        `images: [busybox]
steps:
  - run: docker run -d --name web busybox sh -c 'trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.05; done'
  - until: { logs: { web: ready } }
  - run: docker exec web sh -c 'echo hi >/hi; exit 4'
    expect: { exitCode: 4 }
  - run: docker pause web && docker unpause web && docker stop -t 5 web
expect:
  containers: { web: { status: exited, exitCode: 7 } }
  logs: { web: { lines: [ready, bye] } }
  files: [{ container: web, path: /hi, content: hi }]
`,
      );
      const before = cgroups();
      const { report, stdout } = await place.run("--engine", "podman");
      expect(stdout).toContain("1 passed");
      expect(report.scenarios.map(({ outcome, engine }) => [outcome, engine?.kind])).toEqual([["pass", "podman"]]);
      expect({ workspaces: place.workspaces(), processes: place.processes(), mounts: place.mounts() }).toEqual({
        workspaces: [],
        processes: [],
        mounts: [],
      });
      expect(cgroups()).toEqual(before);
    },
  );
});

function cgroups(): readonly string[] {
  return readdirSync("/sys/fs/cgroup").flatMap((hierarchy) => {
    const found = execFileSync("find", [`/sys/fs/cgroup/${hierarchy}`, "-name", "libpod_parent"], { encoding: "utf8" });
    return found.split("\n").filter((line) => line !== "");
  });
}
