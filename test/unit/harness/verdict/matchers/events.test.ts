import { expect, test } from "vitest";
import type { EventMessage } from "../../../../../src/docker/api/types.ts";
import { statesOf } from "../../../../../src/harness/run/observe/event-history.ts";
import { matchContainer } from "../../../../../src/harness/verdict/matchers/container.ts";
import { matchEvents } from "../../../../../src/harness/verdict/matchers/events.ts";

const event = (Type: EventMessage["Type"], Action: string, name: string, more: Readonly<Record<string, string>> = {}): EventMessage => ({
  Type,
  Action,
  Actor: { ID: `${name}-id-0123456789`, Attributes: { name, ...more } },
  scope: "local",
  time: 0,
  timeNano: 0,
});

const events = [
  event("container", "create", "web"),
  event("container", "start", "web"),
  event("container", "exec_create: sh -c date", "web"),
  event("container", "pause", "web"),
  event("container", "unpause", "web"),
  event("container", "start", "db"),
  event("container", "die", "web", { exitCode: "137" }),
  event("container", "destroy", "web"),
  event("network", "connect", "bridge"),
];

test("events are found in their order, by text or by map, with others between", () => {
  expect(matchEvents(["create web", "container start", "die web", "network connect bridge"], events)).toBeNull();
  expect(matchEvents([{ type: "container", action: "die", attributes: { exitCode: "137", none: null } }], events)).toBeNull();
  expect(matchEvents({ contains: ["exec_create web"], excludes: ["kill"], count: { start: 2, "start db": 1 } }, events)).toBeNull();
  expect(matchEvents(["die web", "start web"], events)).toMatchObject({ rationale: "events lack start web after those before" });
  expect(matchEvents({ excludes: ["die web"] }, events)).toMatchObject({ rationale: "events have die web, which must not be" });
  expect(matchEvents({ count: { "start db": 0 } }, events)).toMatchObject({ rationale: 'number of events "start db" is 1, not 0' });
});

test("a container's past is what its events tell, also when it is no more", () => {
  const states = statesOf("web", events);
  expect(states).toEqual(["created", "running", "paused", "running", "exited", "removed"]);
  expect(matchContainer("web", { states: ["created", "running", "paused", "running", "exited", "removed"] }, null, states)).toBeNull();
  expect(matchContainer("web", { exists: false, states: { includes: ["paused", "exited"] } }, null, states)).toBeNull();
  expect(matchContainer("web", { states: { excludes: ["paused"] } }, null, states)).toMatchObject({
    rationale: "states have paused, which must not be",
  });
  expect(matchContainer("web", { states: ["created"] }, null, states)?.rationale).toMatch(/^states is created, running/);
  // What is there now is still asked for.
  expect(matchContainer("web", { running: true, states: ["created"] }, null, states)).toMatchObject({
    rationale: "there is no container web",
  });
});
