import { describe, expect, test } from "vitest";
import { commands, groups } from "../../../../src/docker/cli/command-table.ts";
import { NotFoundError, UnavailableError } from "../../../../src/base/errors.ts";
import { runDockerWith } from "../../../support/run-docker.ts";

describe("what docker says when a line cannot be run", () => {
  test("an unknown command", async () => {
    expect(await runDockerWith({}, ["foo"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "docker: unknown command: docker foo\n\nRun 'docker --help' for more information\n",
    });
  });
  test("an unknown flag", async () => {
    expect(await runDockerWith({}, ["ps", "--foo"])).toEqual({
      exitCode: 125,
      stdout: "",
      stderr: "unknown flag: --foo\n\nUsage:  docker ps [OPTIONS]\n\nRun 'docker ps --help' for more information\n",
    });
  });
  test("the wrong number of words", async () => {
    expect(await runDockerWith({}, ["tag", "a"])).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "docker: 'docker tag' requires 2 arguments

      Usage:  docker tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]

      Run 'docker tag --help' for more information
      ",
        "stdout": "",
      }
    `);
  });
  test("words that are missing behind those that are enough, and flags that contradict each other", async () => {
    expect((await runDockerWith({}, ["exec", "x"])).stderr).toMatch(
      /^docker: 'docker exec' requires at least 2 arguments\n[^]*\nSee 'docker exec --help' for/,
    );
    for (const verb of ["run", "create"]) {
      expect(await runDockerWith({}, [verb, "--restart", "always", "--rm", "busybox"])).toEqual({
        exitCode: 125,
        stdout: "",
        stderr: `docker: conflicting options: cannot specify both --restart and --rm\n\nRun 'docker ${verb} --help' for more information\n`,
      });
    }
  });
  test("flags whose values mean nothing are refused before the engine is asked", async () => {
    const complaint = async (...flags: string[]) => (await runDockerWith({}, ["run", ...flags, "busybox"])).stderr.split("\n", 1)[0];
    expect(await complaint("--pull", "sometimes")).toBe(
      `docker: invalid pull option: 'sometimes': must be one of "always", "missing" or "never"`,
    );
    expect(await complaint("--dns", "x")).toBe('invalid argument "x" for "--dns" flag: IP address is not correctly formatted: x');
    expect(await complaint("--pid", "x")).toBe("docker: --pid: invalid PID mode");
    expect(await complaint("--device", "a:b:q")).toBe("docker: bad mode specified: q");
    expect(await complaint("--device", "a:b:r:w")).toBe("docker: bad format for path: a:b:r:w");
    expect(await complaint("--security-opt", "foo")).toBe('docker: Invalid --security-opt: "foo"');
    expect(await complaint("--memory-swappiness", "200")).toBe("docker: invalid value: 200. Valid memory swappiness range is 0-100");
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
      "Usage:  docker container ls [OPTIONS]

      List containers

      Aliases:
        docker container ls, docker container list, docker container ps, docker ps

      Options:
        -a, --all             Show all containers (default shows just running)
        -f, --filter filter   Filter output based on conditions provided
            --format string   Format output using a custom template:
                              'table':            Print output in table format
                              with column headers (default)
                              'table TEMPLATE':   Print output in table format
                              using the given Go template
                              'json':             Print in JSON format
                              'TEMPLATE':         Print output using the given
                              Go template.
                              Refer to https://docs.docker.com/go/formatting/
                              for more information about formatting output with
                              templates
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
      "Usage:  docker volume COMMAND

      Manage volumes

      Commands:
        create      Create a volume
        inspect     Display detailed information on one or more volumes
        ls          List volumes
        prune       Remove unused local volumes
        rm          Remove one or more volumes

      Run 'docker volume COMMAND --help' for more information on a command.
      "
    `);
    expect(await runDockerWith({}, ["volume"])).toEqual({ exitCode: 0, stdout: "", stderr: asked.stdout });
    expect(await runDockerWith({}, ["volume", "foo"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "docker: unknown command: docker volume foo\n\nUsage:  docker volume COMMAND\n\nRun 'docker volume --help' for more information\n",
    });
    expect((await runDockerWith({}, ["volume", "foo", "--bar"])).stderr).toMatch(
      /^unknown flag: --bar\n\nUsage: {2}docker volume COMMAND\n/,
    );
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
    stderr: "Failed to initialize: unable to resolve docker endpoint: Specify only one -H\n",
  });
});
