import { describe, expect, test } from "vitest";
import type { InitOp } from "../../../../src/runtime/kernel/ops.ts";
import { startErrorOf } from "../../../../src/runtime/sandbox/start-error.ts";

const exec: InitOp = { op: "exec", args: ["foo"], env: [] };

describe("a failed step is told in the words of runc, with the exit code that docker run then has", () => {
  test.each([
    ["2\x000\0lookup path\0no such file or directory", exec, 'exec: "foo": executable file not found in $PATH: unknown', 127],
    ["2\x000\0lookup stat foo\0no such file or directory", exec, 'exec: "foo": stat foo: no such file or directory: unknown', 127],
    ["13\x000\0lookup\0permission denied", exec, 'exec: "foo": permission denied: unknown', 126],
    [
      "2\x000\0cwd\0no such file or directory",
      { op: "cwd", path: "/gone" } as const,
      'chdir to cwd ("/gone") set in config.json failed: no such file or directory: unknown',
      127,
    ],
    [
      "22\x000\0setresuid\0invalid argument",
      { op: "ids", uid: 1000, gid: 1000, groups: [] } as const,
      "user 1000:1000 has no id in the engine's user namespace, which has too few (see /etc/subuid): unknown",
      128,
    ],
  ] as const)("%j", (line, op, message, exitCode) => {
    expect(startErrorOf(line, [op])).toMatchObject({ message, exitCode });
  });
});
