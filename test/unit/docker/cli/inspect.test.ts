import { expect, test } from "vitest";
import type { UnixClient } from "../../../../src/docker/client/unix-client.ts";
import { NotFoundError } from "../../../../src/base/errors.ts";
import { runDockerWith } from "../../../support/run-docker.ts";

const missing = () => Promise.reject(new NotFoundError("No such thing"));
const client = {
  inspectContainer: missing,
  inspectNetwork: missing,
  inspectVolume: missing,
  inspectImage: (name: string) =>
    name === "busybox" ? Promise.resolve({ Id: "sha256:1", RepoTags: ["busybox:latest"], Size: 5 }) : missing(),
} as unknown as UnixClient;

test("inspect finds whatever has the name, and complains at the end about what nothing has", async () => {
  expect(await runDockerWith(client, ["inspect", "busybox", "nosuch"])).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "stderr": "Error: No such object: nosuch
    ",
      "stdout": "[
        {
            "Id": "sha256:1",
            "RepoTags": [
                "busybox:latest"
            ],
            "Size": 5
        }
    ]
    ",
    }
  `);
  expect(await runDockerWith(client, ["container", "inspect", "busybox"])).toEqual({
    exitCode: 1,
    stdout: "[]\n",
    stderr: "Error response from daemon: No such thing\n",
  });
});

test("a template sees Go's names, then JSON's", async () => {
  const format = (text: string) => runDockerWith(client, ["inspect", "-f", text, "busybox"]);
  expect((await format("{{.ID}} {{.RepoTags}} {{.Config}}")).stdout).toBe("sha256:1 [busybox:latest] <nil>\n");
  expect((await format("{{.Id}} {{.Size}}")).stdout).toBe("sha256:1 5\n");
  expect(await format("{{.Foo}}")).toEqual({
    exitCode: 1,
    stdout: "\n",
    stderr: 'template parsing error: template: :1:2: executing "" at <.Foo>: map has no entry for key "Foo"\n',
  });
  expect(await format("{{")).toMatchObject({ exitCode: 64, stderr: "template parsing error: template: :1: unclosed action\n" });
});
