import { expect, test } from "vitest";
import { runDockerWith } from "../../../support/run-docker.ts";

const client = { pruneContainers: () => Promise.resolve({ ContainersDeleted: ["9f58", "55dd"], SpaceReclaimed: 1500 }) };
const question = "WARNING! This will remove all stopped containers.\nAre you sure you want to continue? [y/N] ";
const report = "Deleted Containers:\n9f58\n55dd\n\nTotal reclaimed space: 1.5kB\n";

test("container prune asks, and takes only y for yes", async () => {
  expect((await runDockerWith(client, ["container", "prune"], { stdin: "y\n" })).stdout).toBe(question + report);
  for (const stdin of ["n\n", "yes\n", ""]) {
    expect((await runDockerWith(client, ["container", "prune"], { stdin })).stdout).toBe(question);
  }
});

test("container prune -f does not ask", async () => {
  expect((await runDockerWith(client, ["container", "prune", "-f"])).stdout).toBe(report);
});

test("system prune takes what builds kept as well, by the same filters, and counts it", async () => {
  const asked: unknown[] = [];
  const everything = {
    pruneContainers: () => Promise.resolve({ ContainersDeleted: null, SpaceReclaimed: 0 }),
    pruneNetworks: () => Promise.resolve({ NetworksDeleted: null }),
    pruneImages: () => Promise.resolve({ ImagesDeleted: [{ Untagged: "a:1" }], SpaceReclaimed: 1000 }),
    pruneBuildCache: (options: unknown) => {
      asked.push(options);
      return Promise.resolve({ CachesDeleted: ["105e"], SpaceReclaimed: 2000 });
    },
  };
  const { stdout } = await runDockerWith(everything, ["system", "prune", "-af", "--filter", "until=1h"]);
  expect(stdout).toBe("Deleted Images:\nuntagged: a:1\n\nDeleted build cache objects:\n105e\n\nTotal reclaimed space: 3kB\n");
  expect(asked).toEqual([{ all: true, filters: { until: ["1h"] }, keep: 0 }]);
});
