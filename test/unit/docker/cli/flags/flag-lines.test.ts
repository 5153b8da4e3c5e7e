import { expect, test } from "vitest";
import { flagLines } from "../../../../../src/docker/cli/flags/flag-lines.ts";
import { flagUsages } from "../../../../../src/docker/cli/flags/flag-usages.ts";
import { parseFlags } from "../../../../../src/docker/cli/flags/parse-flags.ts";
import { runDockerWith } from "../../../../support/run-docker.ts";

const text = `-f, --force  Force it
--trust  Trust it (default true)
-e, --env list  Variables
--name string  Its name (default "x")
--replicas uint  How many
--delay duration  How long (default 5s)
--mount mount  What is mounted`;

test("lines of help become flags, with the defaults that their usage tells", () => {
  const set = flagLines(text);
  const { flags } = parseFlags(["-fe", "A=1", "--env=B=2", "--replicas", "3", "--mount", "x"], set, true);
  expect(flags).toEqual({
    force: true,
    trust: true,
    env: ["A=1", "B=2"],
    name: "",
    replicas: "3",
    delay: "",
    mount: ["x"],
  });
  expect(flagUsages(set, 79).split("\n")).toContain("      --delay duration   How long (default 5s)");
  for (const [word, complaint] of [
    ["--replicas=-1", /ParseUint: parsing "-1": invalid syntax/],
    ["--replicas=18446744073709551616", /value out of range/],
    ["--delay=x", /time: invalid duration "x"/],
    ["--force=maybe", /ParseBool/],
    ["--nope", /unknown flag: --nope/],
  ] as const) {
    expect(() => parseFlags([word], set, true)).toThrow(complaint);
  }
});

test("an engine that is a swarm's manager is asked for nothing but whether it is, and the command refuses", async () => {
  const asked: string[] = [];
  const request = <T>(method: string, path: string): Promise<T> => {
    asked.push(`${method} ${path}`);
    return Promise.resolve({} as T);
  };
  for (const line of ["service rm web db", "node ls", "secret inspect key", "service create busybox"]) {
    expect(await runDockerWith({ request }, line.split(" "))).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `docker ${line.split(" ", 2).join(" ")}: not supported by this client, which manages no swarms\n`,
    });
  }
  expect(new Set(asked)).toEqual(new Set(["GET /swarm"]));
  expect(await runDockerWith({ request }, ["swarm", "init"])).toMatchObject({ exitCode: 1, stdout: "" });
});
