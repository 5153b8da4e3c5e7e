import { expect, test } from "vitest";
import { validate } from "../../../../src/harness/cli/validate.ts";

async function validated(text: string, json = false) {
  const output = { stdout: "", stderr: "" };
  async function* stdin() {
    await Promise.resolve();
    for (let from = 0; from < text.length; from += 700_000) yield Buffer.from(text.slice(from, from + 700_000));
  }
  const code = await validate(
    { paths: ["-"], json },
    { stdout: (one) => void (output.stdout += one), stderr: (one) => void (output.stderr += one), stdin: stdin() },
  );
  return { code, ...output };
}

test("a scenario's text on the standard input is held against all that a file is, and named <stdin>", async () => {
  expect(await validated('name: a\nsteps: [{ run: "true" }]\n')).toEqual({ code: 0, stdout: "1 scenario is well-formed\n", stderr: "" });
  const wrong = "name: a\nsteps: [{ rum: x }]\n";
  expect((await validated(wrong)).stderr).toMatch(/^<stdin>:2:11 steps\/0\/rum: unknown key "rum"; did you mean run\?\n/);
  const told = JSON.parse((await validated(wrong, true)).stdout) as { problems: unknown[] };
  expect(told.problems[0]).toMatchObject({ file: "<stdin>", line: 2, column: 11 });
  expect(await validated("")).toMatchObject({ code: 2, stderr: "<stdin>:1:1 is empty\n" });
  expect((await validated(`#${"x".repeat(5_000_000)}`)).stderr).toMatch(/^<stdin>:1:1 is \d+ bytes long; at most 1048576 are read\n$/);
});
