import { describe, expect, test } from "vitest";
import { commands, groups } from "../../../../src/docker/cli/command-table.ts";
import { NotFoundError, UnavailableError } from "../../../../src/base/errors.ts";
import { runDockerWith } from "../../../support/run-docker.ts";

describe("what docker says when a line cannot be run", () => {
  test("an unknown command", async () => {
    expect(await runDockerWith({}, ["foo"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "docker: 'foo' is not a docker command.\nSee 'docker --help'\n",
    });
  });
  test("an unknown flag", async () => {
    expect(await runDockerWith({}, ["ps", "--foo"])).toEqual({
      exitCode: 125,
      stdout: "",
      stderr: "unknown flag: --foo\nSee 'docker ps --help'.\n",
    });
  });
  test("the wrong number of words", async () => {
    expect(await runDockerWith({}, ["tag", "a"])).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": ""docker tag" requires exactly 2 arguments.
      See 'docker tag --help'.

      Usage:  docker tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]

      Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE
      ",
        "stdout": "",
      }
    `);
  });
  test("what the engine refused, and that there is none", async () => {
    const refusing = { listNetworks: () => Promise.reject(new NotFoundError("nothing here")) };
    expect((await runDockerWith(refusing, ["network", "ls"])).stderr).toBe("Error response from daemon: nothing here\n");
    const cause = new Error("ENOENT");
    const absent = { listNetworks: () => Promise.reject(new UnavailableError("Cannot connect to the Docker daemon", { cause })) };
    expect((await runDockerWith(absent, ["network", "ls"])).stderr).toBe("Cannot connect to the Docker daemon\n");
  });
});

describe("help", () => {
  test("of a command wraps its options as docker does, and names its other spellings", async () => {
    const { stdout } = await runDockerWith({}, ["container", "ls", "--help"]);
    expect(stdout).toMatchInlineSnapshot(`
      "
      Usage:  docker container ls [OPTIONS]

      List containers

      Aliases:
        ls, ps, list

      Options:
        -a, --all             Show all containers (default shows just running)
        -f, --filter filter   Filter output based on conditions provided
            --format string   Pretty-print containers using a Go template
        -n, --last int        Show n last created containers (includes all
                              states) (default -1)
        -l, --latest          Show the latest created container (includes all
                              states)
            --no-trunc        Don't truncate output
        -q, --quiet           Only display container IDs
        -s, --size            Display total file sizes
      "
    `);
  });
  test("of a group lists its commands, on stderr when one was missing", async () => {
    const asked = await runDockerWith({}, ["volume", "--help"]);
    expect(asked.stdout).toMatchInlineSnapshot(`
      "
      Usage:  docker volume COMMAND

      Manage volumes

      Commands:
        create      Create a volume
        inspect     Display detailed information on one or more volumes
        ls          List volumes
        prune       Remove all unused local volumes
        rm          Remove one or more volumes

      Run 'docker volume COMMAND --help' for more information on a command.
      "
    `);
    expect(await runDockerWith({}, ["volume"])).toEqual({ exitCode: 0, stdout: "", stderr: asked.stdout });
    expect(await runDockerWith({}, ["volume", "foo"])).toEqual({ exitCode: 1, stdout: "", stderr: asked.stdout });
  });
  test("can be asked for every command that the table has", async () => {
    const paths = [
      ...commands.map(({ name }) => [name]),
      ...groups.flatMap((group) => group.commands.map(({ name }) => [group.name, name])),
    ];
    for (const path of paths) {
      const direct = await runDockerWith({}, [...path, "--help"]);
      expect(direct).toMatchObject({ exitCode: 0, stderr: "" });
      expect(direct.stdout).toContain(`Usage:  docker ${path.join(" ")}`);
      expect((await runDockerWith({}, ["help", ...path])).stdout).toBe(direct.stdout);
    }
  });
});

test("-H comes before DOCKER_HOST, and there can be only one", async () => {
  const env = { DOCKER_HOST: "unix:///from-env" };
  expect((await runDockerWith({}, ["-H", "unix:///x", "context", "ls", "--format", "{{.DockerEndpoint}}"], { env })).stdout).toBe(
    "unix:///x\n",
  );
  expect((await runDockerWith({}, ["context", "ls", "--format", "{{.DockerEndpoint}}"], { env })).stdout).toBe("unix:///from-env\n");
  expect(await runDockerWith({}, ["-H", "a", "-H", "b", "context", "ls"])).toMatchObject({
    exitCode: 1,
    stderr: "Please specify only one -H\n",
  });
});
