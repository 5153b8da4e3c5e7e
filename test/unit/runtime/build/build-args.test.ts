import { expect, test } from "vitest";
import { BuildArgs } from "../../../../src/runtime/build/build-args.ts";
import { StageScope } from "../../../../src/runtime/build/solve/stage-scope.ts";

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
  const first = new StageScope(args, { env: ["PATH=/"] });
  expect(first.declare("A TARGETARCH", "\\")).toBe("ARG A TARGETARCH");
  expect(first.env()).toEqual(["PATH=/", "A=1", "TARGETARCH=amd64"]);
  expect(new StageScope(args, { env: [] }).env()).toEqual([]);
  const second = new StageScope(args, { env: [], scope: first });
  expect(second.declare("B=of-$A C", "\\")).toBe("ARG B=of-1 C");
  expect(second.args()).toEqual(["A=1", "TARGETARCH=amd64", "B=of-1", "C="]);
  expect(first.lookup("B")).toBeUndefined();
});

test("in BuildKit's builds the later of ENV and ARG counts, also when it says the same again", () => {
  const scope = new StageScope(new BuildArgs({ L: "given" }), { env: [] });
  scope.declare("L=default", "\\");
  scope.setEnv("L=env M=$L", "\\");
  expect([scope.lookup("L"), scope.lookup("M")]).toEqual(["env", "given"]);
  scope.declare("L=again", "\\");
  expect(scope.lookup("L")).toBe("given");
  scope.setEnv("L=env", "\\");
  expect(scope.env()).toEqual(["L=env", "M=given"]);
  scope.declare("M=x", "\\");
  expect(new StageScope(new BuildArgs({}), { env: ["M=given"], scope }).lookup("M")).toBe("given");
});

test("RUN gets what no variable of the environment hides, sorted, and the proxies without a declaration", () => {
  const args = new BuildArgs({ B: "2", http_proxy: "p" });
  const stage = args.stage();
  stage.declare("C=3 B A=1 D", none, "\\");
  expect(stage.assignments(["A=env", "PATH=/"])).toEqual(["B=2", "C=3"]);
  expect(stage.proxies()).toEqual(["http_proxy=p"]);
  expect(args.unused()).toEqual([]);
});
