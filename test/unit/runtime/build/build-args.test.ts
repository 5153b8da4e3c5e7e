import { expect, test } from "vitest";
import { BuildArgs } from "../../../../src/runtime/build/build-args.ts";

const none = (): undefined => undefined;

test("an argument has the client's value, or its default, or the one from before FROM", () => {
  const args = new BuildArgs({ GIVEN: "client", EMPTY: null, META: "client", NOBODY: "x" });
  args.declareMeta("META=file OTHER=of-${META}", "\\");
  expect(args.lookupMeta("OTHER")).toBe("of-client");
  args.startStage();
  expect(args.lookup("META")).toBeUndefined();
  args.declare("GIVEN=file EMPTY=default OTHER UNSET", none, "\\");
  expect(["GIVEN", "EMPTY", "OTHER", "UNSET"].map((name) => args.lookup(name))).toEqual(["client", "default", "of-client", undefined]);
  expect(args.unused()).toEqual(["NOBODY"]);
});

test("a stage has not the arguments of another", () => {
  const args = new BuildArgs({ A: "1" });
  args.startStage();
  args.declare("A", none, "\\");
  args.startStage();
  expect(args.assignments([])).toEqual([]);
});

test("RUN gets what no variable of the environment hides, sorted, and the proxies without a declaration", () => {
  const args = new BuildArgs({ B: "2", http_proxy: "p" });
  args.startStage();
  args.declare("C=3 B A=1 D", none, "\\");
  expect(args.assignments(["A=env", "PATH=/"])).toEqual(["B=2", "C=3"]);
  expect(args.proxies()).toEqual(["http_proxy=p"]);
  expect(args.unused()).toEqual([]);
});
