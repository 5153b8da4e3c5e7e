import { afterEach, expect, test } from "vitest";
import { createContainer } from "../../../../../src/runtime/engine/create.ts";
import { engineContext } from "../../../../../src/runtime/engine/context.ts";
import { runtimeOf, sandboxOf } from "../../../../../src/runtime/engine/config/runtimes.ts";
import { fakeParts, FakeSandbox } from "../../../../support/engine-parts.ts";

const disposals: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
});

async function contextWithRunc() {
  const parts = await fakeParts();
  disposals.push(() => parts.dispose());
  const runc = new FakeSandbox();
  return { context: engineContext({ ...parts, runtimes: new Map([["runc", { path: "/usr/sbin/runc", sandbox: runc }]]) }), parts, runc };
}

test("a container is of our own sandbox unless it asks for a runtime by a name that is installed, also by containerd's", async () => {
  const { context, parts, runc } = await contextWithRunc();
  expect(["", "slipway", undefined, "runc", "io.containerd.runc.v2"].map((asked) => sandboxOf(context, { ...named(asked) }))).toEqual([
    parts.sandbox,
    parts.sandbox,
    parts.sandbox,
    runc,
    runc,
  ]);
  expect(() => runtimeOf(context, "crun")).toThrow("unknown or invalid runtime name: crun");

  function named(asked: string | undefined): { runtime?: string } {
    const runtime = runtimeOf(context, asked);
    return runtime === undefined ? {} : { runtime };
  }
});

test("inspect shows Docker's default name, and the record keeps what was asked for", async () => {
  const { context } = await contextWithRunc();
  const make = async (Runtime?: string) => {
    const { Id } = await createContainer(
      context,
      { Image: "busybox", HostConfig: Runtime === undefined ? {} : { Runtime } },
      { name: "", platform: "" },
    );
    const { hostConfig, runtime } = context.registry.get(Id).record;
    return [hostConfig.Runtime, runtime];
  };
  expect([await make(), await make("runc"), await make("slipway")]).toEqual([
    ["runc", undefined],
    ["runc", "runc"],
    ["slipway", undefined],
  ]);
});

test("an engine that grades has its own sandbox alone", async () => {
  const { context } = await contextWithRunc();
  const graded = { ...context, policy: { bindsWithin: [] } };
  const request = { Image: "busybox", HostConfig: { Runtime: "runc" } };
  await expect(createContainer(graded, request, { name: "", platform: "" })).rejects.toThrow("--runtime runc is refused");
});
