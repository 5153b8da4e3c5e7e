import { expect, test, vi } from "vitest";
import type { EventMessage } from "../../../../../src/docker/api/types.ts";
import { OBSERVER_LABEL, OwnLooks } from "../../../../../src/harness/run/observe/own-looks.ts";

/** `at` in milliseconds. */
function event(
  at: number,
  Type: EventMessage["Type"],
  Action: string,
  ID: string,
  Attributes: Readonly<Record<string, string>> = {},
): EventMessage {
  return { Type, Action, Actor: { ID, Attributes }, scope: "local", time: at / 1000, timeNano: at * 1e6 };
}

/** Looks that were begun and answered at these milliseconds. */
async function lookedAt(looks: OwnLooks, from: number, to: number, look: Parameters<OwnLooks["note"]>, fails = false): Promise<void> {
  vi.useFakeTimers({ now: from });
  try {
    const [action, container] = look;
    const noted = looks.note(action, container, async () => {
      vi.setSystemTime(to);
      if (fails) throw new Error("no such file");
      return Promise.resolve();
    });
    await noted.catch(() => undefined);
  } finally {
    vi.useRealTimers();
  }
}

const shown = (events: readonly EventMessage[]): readonly string[] =>
  events.map(({ timeNano, Type, Action, Actor }) => `${timeNano / 1e6} ${Type} ${Action} ${Actor.ID}`);

test("of each look one event of its kind is left out, and the scenario's own stay", async () => {
  const looks = new OwnLooks();
  const never = (): Promise<void> => Promise.resolve();
  await lookedAt(looks, 100, 110, ["top", "web", never]);
  await lookedAt(looks, 200, 210, ["top", "web", never]);
  await lookedAt(looks, 300, 310, ["export", "web", never]);
  const events = [
    event(50, "container", "top", "web"),
    event(105, "container", "top", "db"),
    event(106, "container", "top", "web"),
    event(107, "container", "top", "web"),
    event(205, "container", "top", "web"),
    // A daemon that tells of it when the last byte was read.
    event(500, "container", "export", "web"),
    event(600, "container", "export", "web"),
  ];
  expect(shown(looks.without(events))).toEqual([
    "50 container top web",
    "105 container top db",
    "107 container top web",
    "600 container export web",
  ]);
});

test("a look at a file takes the mounts of its volumes along, each with the unmount that follows, however late", async () => {
  const looks = new OwnLooks();
  await lookedAt(looks, 100, 110, ["archive-path", "web", () => Promise.resolve()]);
  const of = { container: "web" };
  const events = [
    event(50, "volume", "mount", "data", of),
    event(101, "volume", "mount", "data", of),
    event(102, "volume", "mount", "data", { container: "db" }),
    event(103, "volume", "mount", "other", of),
    event(104, "container", "archive-path", "web"),
    event(150, "volume", "mount", "data", of),
    event(160, "volume", "unmount", "data", of),
    event(161, "volume", "unmount", "other", of),
    event(170, "volume", "unmount", "data", of),
  ];
  expect(shown(looks.without(events))).toEqual([
    "50 volume mount data",
    "102 volume mount data",
    "150 volume mount data",
    "170 volume unmount data",
  ]);
});

test("of a look that failed nothing but mounts is left out, as an engine tells of those alone", async () => {
  const looks = new OwnLooks();
  await lookedAt(looks, 100, 110, ["archive-path", "web", () => Promise.resolve()], true);
  const events = [
    event(101, "volume", "mount", "data", { container: "web" }),
    event(102, "volume", "unmount", "data", { container: "web" }),
    event(120, "container", "archive-path", "web"),
  ];
  expect(shown(looks.without(events))).toEqual(["120 container archive-path web"]);
});

test("containers made to look into something, and the volumes that came with them, are nobody's", async () => {
  const looks = new OwnLooks();
  // Older daemons tell of a volume that was there before as made.
  await lookedAt(looks, 10, 20, ["volume create", "data", () => Promise.resolve()]);
  looks.noteVolumes(["anonymous"]);
  const events = [
    event(1, "volume", "create", "anonymous"),
    event(2, "container", "create", "helper", { [OBSERVER_LABEL]: "true" }),
    event(3, "volume", "mount", "data", { container: "helper" }),
    event(4, "volume", "destroy", "anonymous"),
    event(5, "volume", "create", "data"),
    event(15, "volume", "create", "data"),
    event(25, "volume", "create", "data"),
  ];
  expect(shown(looks.without(events))).toEqual(["5 volume create data", "25 volume create data"]);
});
