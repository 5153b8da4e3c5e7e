import { expect, test } from "vitest";
import { blankContainer } from "../../../../src/docker/cli/format/container-listing.ts";
import { UnavailableError } from "../../../../src/base/errors.ts";
import { runDockerWith } from "../../../support/run-docker.ts";

const client = {
  listContainers: () =>
    Promise.resolve([
      { ...blankContainer, Names: ["/web"] },
      { ...blankContainer, Names: ["/db"] },
    ]),
};
const completed = async (...words: string[]): Promise<string> => (await runDockerWith(client, ["__complete", ...words])).stdout;

test("commands, subcommands and flags are completed from the command table", async () => {
  expect(await completed("rm")).toBe("rm\tRemove one or more containers\nrmi\tRemove one or more images\n");
  expect(await completed("volume", "p")).toBe("prune\tRemove unused local volumes\n");
  expect(await completed("ps", "--no")).toBe("--no-trunc\tDon't truncate output\n");
});

test("names of containers are asked of the engine, but not where a flag's value stands", async () => {
  expect(await completed("inspect", "")).toBe("web\ndb\n");
  expect(await completed("container", "inspect", "-s", "w")).toBe("web\n");
  expect(await completed("inspect", "-f", "")).toBe("");
  expect(await completed("inspect", "-f", "{{.ID}}", "web", "d")).toBe("db\n");
});

test("without an engine there are no names, and no error", async () => {
  const absent = { listContainers: () => Promise.reject(new UnavailableError("nobody")) };
  expect(await runDockerWith(absent, ["__complete", "inspect", ""])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test.each(["bash", "zsh", "fish"])("there is a script for %s", async (shell) => {
  expect((await runDockerWith({}, ["completion", shell])).stdout).toContain("docker __complete");
});
