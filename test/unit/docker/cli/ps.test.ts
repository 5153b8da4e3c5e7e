import { expect, test } from "vitest";
import type { ContainerSummary } from "../../../../src/docker/api/types.ts";
import { blankContainer } from "../../../../src/docker/cli/format/container-listing.ts";
import { runDockerWith } from "../../../support/run-docker.ts";

const created = Math.trunc(Date.now() / 1000) - 200;
const containers: readonly ContainerSummary[] = [
  {
    ...blankContainer,
    Id: `9f5816e8ad7e${"0".repeat(52)}`,
    Names: ["/web", "/other/link"],
    Image: "busybox",
    Command: "sh -c 'echo a long one'",
    Created: created,
    Ports: [{ IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" }],
    Labels: { x: "y", a: "b" },
    State: "running",
    Status: "Up 3 minutes",
  },
  {
    ...blankContainer,
    Id: `55dd0e2adb97${"1".repeat(52)}`,
    Names: ["/db"],
    Image: "sha256:0123456789abcdef",
    Command: "top",
    Created: created,
    Status: "Created",
  },
];
const asked: unknown[] = [];
const client = { listContainers: (options: unknown) => (asked.push(options), Promise.resolve(containers)) };

test("ps prints docker's table", async () => {
  expect(await runDockerWith(client, ["ps"])).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "",
      "stdout": "CONTAINER ID   IMAGE          COMMAND                  CREATED         STATUS         PORTS                  NAMES
    9f5816e8ad7e   busybox        "sh -c 'echo a long …"   3 minutes ago   Up 3 minutes   0.0.0.0:8080->80/tcp   web
    55dd0e2adb97   0123456789ab   "top"                    3 minutes ago   Created                               db
    ",
    }
  `);
});

test("ps -q prints ids, and filters go to the engine", async () => {
  expect((await runDockerWith(client, ["ps", "-aq", "-f", "status=exited", "-n", "2"])).stdout).toBe("9f5816e8ad7e\n55dd0e2adb97\n");
  expect(asked.at(-1)).toEqual({ all: true, limit: 2, size: false, filters: { status: ["exited"] } });
});

test("a format is a line each, or a table with headings; sizes are only counted when shown", async () => {
  const format = async (text: string): Promise<string> => (await runDockerWith(client, ["ps", "--format", text])).stdout;
  expect(await format('{{.Names}}={{.Label "x"}} {{.Labels}}')).toBe("web=y a=b,x=y\ndb= \n");
  expect(asked.at(-1)).toMatchObject({ size: false });
  expect(await format("table {{.ID}}\\t{{upper .Names}}\\t{{.Size}}")).toBe(
    "CONTAINER ID   NAMES     SIZE\n9f5816e8ad7e   WEB       0B\n55dd0e2adb97   DB        0B\n",
  );
  expect(asked.at(-1)).toMatchObject({ size: true });
});

test("a wrong format fails as docker's does", async () => {
  expect(await runDockerWith(client, ["ps", "--format", "{{.Foo}}"])).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: `failed to execute template: template: :1:2: executing "" at <.Foo>: can't evaluate field Foo in type *formatter.ContainerContext\n`,
  });
});
