import { describe, expect, test } from "vitest";
import { bool, bytes, filter, int, list, string } from "../../../../../src/docker/cli/flags/flags.ts";
import { parseFlags } from "../../../../../src/docker/cli/flags/parse-flags.ts";

const set = {
  detach: bool("", { short: "d" }),
  env: list("", { short: "e" }),
  filter: filter("", { short: "f" }),
  interactive: bool("", { short: "i" }),
  memory: bytes("", { short: "m" }),
  name: string(""),
  time: int("", { short: "t", initial: 10 }),
};
const parse = (...argv: string[]) => parseFlags(argv, set, true);

describe("flags are read as pflag reads them", () => {
  test("letters join, and the last may carry its value", () => {
    expect(parse("-dit5", "-eA=b", "-e", "C=d", "-e=E").flags).toMatchObject({
      detach: true,
      interactive: true,
      time: 5,
      env: ["A=b", "C=d", "E"],
    });
  });
  test("long flags take the next word or what stands behind =", () => {
    expect(parse("--name", "x", "--detach=false", "--memory=1.5g").flags).toMatchObject({ name: "x", detach: false, memory: 1610612736 });
  });
  test("words are found between flags, and everything behind -- is a word", () => {
    expect(parse("a", "-d", "b", "--", "-i")).toMatchObject({
      args: ["a", "b", "-i"],
      argsBeforeDash: 2,
      flags: { detach: true, interactive: false },
    });
  });
  test("where flags end at the first word, the rest belongs to the container", () => {
    expect(parseFlags(["-d", "busybox", "ls", "-i", "--help"], set, false)).toMatchObject({
      args: ["busybox", "ls", "-i", "--help"],
      help: "no",
    });
  });
  test("filters gather values by key", () => {
    expect(parse("-f", "status=exited", "-f", "Status=created", "--filter", "label=a=b").flags.filter).toEqual({
      status: ["exited", "created"],
      label: ["a=b"],
    });
  });
  test("flags that were given are known, and help is", () => {
    expect([...parse("--name=", "-d").given]).toEqual(["name", "detach"]);
    expect([parse("--help").help, parse("-h").help, parse().help]).toEqual(["long", "short", "no"]);
  });
});

test.each([
  [["--foo"], "unknown flag: --foo"],
  [["--foo=1"], "unknown flag: --foo"],
  [["-dx"], "unknown shorthand flag: 'x' in -x"],
  [["--name"], "flag needs an argument: --name"],
  [["-de"], "flag needs an argument: 'e' in -e"],
  [["--=x"], "bad flag syntax: --=x"],
  [["-t", "x"], 'invalid argument "x" for "-t, --time" flag: strconv.ParseInt: parsing "x": invalid syntax'],
  [["--detach=foo"], 'invalid argument "foo" for "-d, --detach" flag: strconv.ParseBool: parsing "foo": invalid syntax'],
  [["-m", "x"], `invalid argument "x" for "-m, --memory" flag: invalid size: 'x'`],
  [["-f", "x"], 'invalid argument "x" for "-f, --filter" flag: bad format of filter (expected name=value)'],
])("%j is refused in docker's words", (argv, message) => {
  expect(() => parse(...argv)).toThrow(message);
});
