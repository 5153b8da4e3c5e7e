import { expect, test } from "vitest";
import { ended, created, paused, started, type ContainerState } from "../../../../src/runtime/containers/state.ts";
import { portSummaries, statusText } from "../../../../src/runtime/engine/summary.ts";

const begin = "2024-01-01T00:00:00.000Z";
const after = (seconds: number): Date => new Date(Date.parse(begin) + seconds * 1000);

test("the status says for how long, in go-units' words", () => {
  const up = started(created, 1, begin);
  const text = (seconds: number): string => statusText(up, after(seconds));
  expect([0.5, 1, 3, 59, 60, 119, 120, 3599, 3600, 5399, 5400, 172_800, 86_400 * 20, 86_400 * 90, 86_400 * 800].map(text)).toEqual([
    "Up Less than a second",
    "Up 1 second",
    "Up 3 seconds",
    "Up 59 seconds",
    "Up About a minute",
    "Up About a minute",
    "Up 2 minutes",
    "Up 59 minutes",
    "Up About an hour",
    "Up About an hour",
    "Up 2 hours",
    "Up 2 days",
    "Up 2 weeks",
    "Up 3 months",
    "Up 2 years",
  ]);
  expect(statusText(paused(up as ContainerState & { status: "running" }), after(1))).toBe("Up 1 second (Paused)");
  expect(statusText(ended(up, { exitCode: 137, oomKilled: false, finishedAt: begin }), after(120))).toBe("Exited (137) 2 minutes ago");
  expect(statusText(up, after(3), { Status: "starting", FailingStreak: 0, Log: [] })).toBe("Up 3 seconds (health: starting)");
  expect(statusText(created, after(3))).toBe("Created");
});

test("a published port is a line an address, an exposed one has no public number", () => {
  expect(portSummaries({ "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }], "53/udp": null })).toEqual([
    { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { PrivatePort: 53, Type: "udp" },
  ]);
});
