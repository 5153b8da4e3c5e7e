import { expect, test } from "vitest";
import { BuildArgs } from "../../../../src/runtime/build/build-args.ts";

const none = (): undefined => undefined;

test("an argument has the client's value, or its default, or the one from before FROM", () => {
  const args = new BuildArgs({ GIVEN: "client", EMPTY: null, META: "client", NOBODY: "x" });
  args.declareMeta("META=file OTHER=of-${META}", "\\");
  expect(args.lookupMeta("OTHER")).toBe("of-client");
  const stage = args.stage();
  expect(stage.lookup("META")).toBeUndefined();
  stage.declare("GIVEN=file EMPTY=default OTHER UNSET", none, "\\");
  expect(["GIVEN", "EMPTY", "OTHER", "UNSET"].map((name) => stage.lookup(name))).toEqual(["client", "default", "of-client", undefined]);
  expect(args.unused()).toEqual(["NOBODY"]);
});

test("a stage has the arguments of the one that it is from, and of no other", () => {
  const args = new BuildArgs({ A: "1" }, { TARGETARCH: "amd64" });
  const first = args.stage();
  first.declare("A TARGETARCH", none, "\\");
  expect(first.assignments([])).toEqual(["A=1", "TARGETARCH=amd64"]);
  expect(args.stage().assignments([])).toEqual([]);
  const second = args.stage(first);
  second.declare("B=2", none, "\\");
  expect(second.assignments([])).toEqual(["A=1", "B=2", "TARGETARCH=amd64"]);
  expect(first.lookup("B")).toBeUndefined();
});

test("RUN gets what no variable of the environment hides, sorted, and the proxies without a declaration", () => {
  const args = new BuildArgs({ B: "2", http_proxy: "p" });
  const stage = args.stage();
  stage.declare("C=3 B A=1 D", none, "\\");
  expect(stage.assignments(["A=env", "PATH=/"])).toEqual(["B=2", "C=3"]);
  expect(stage.proxies()).toEqual(["http_proxy=p"]);
  expect(args.unused()).toEqual([]);
});
