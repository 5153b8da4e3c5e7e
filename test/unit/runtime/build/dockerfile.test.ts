import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../../../src/runtime/build/dockerfile.ts";

const lines = (...texts: string[]): string => texts.join("\n");

describe("a Dockerfile", () => {
  test("has stages with their instructions, numbered by line, and arguments before them", () => {
    const { metaArgs, stages } = parseDockerfile(
      lines(
        "# comment",
        "ARG V=1",
        "FROM busybox:$V AS One",
        "RUN true",
        "",
        "FROM --platform=linux/amd64 scratch",
        "copy --from=one /a /b",
      ),
    );
    expect(metaArgs.map(({ text }) => text)).toEqual(["V=1"]);
    expect(stages.map(({ base, name }) => [base, name])).toEqual([
      ["busybox:$V", "one"],
      ["scratch", ""],
    ]);
    expect(stages[1]?.from.flags.get("platform")).toBe("linux/amd64");
    expect(stages[1]?.commands).toMatchObject([
      { keyword: "COPY", flags: new Map([["from", "one"]]), text: "/a /b", original: "copy --from=one /a /b", line: 7, endLine: 7 },
    ]);
  });

  test("joins continued lines as dockerd does, without comments and empty lines between", () => {
    const text = lines("FROM busybox", "RUN echo a \\", "    b \\", "  # comment", "", "  c", 'CMD ["x"]');
    expect(parseDockerfile(text).stages[0]?.commands.map(({ original }) => original)).toEqual(["RUN echo a     b   c", 'CMD ["x"]']);
  });

  test("may have another escape, Windows line ends and a byte order mark", () => {
    const { escape, stages } = parseDockerfile("\uFEFF# escape=`\r\nFROM busybox\r\nRUN echo a `\r\n b\\\r\n");
    expect(escape).toBe("`");
    expect(stages[0]?.commands[0]?.text).toBe("echo a  b\\");
  });

  test("has here-documents as scripts of RUN", () => {
    const { stages } = parseDockerfile(
      lines("FROM busybox", "RUN <<EOF", "echo a", "echo b", "EOF", "RUN <<-'E'", "\techo c", "\tE", "USER 1"),
    );
    expect(stages[0]?.commands.map(({ text }) => text)).toEqual(["echo a\necho b", "echo c", "1"]);
  });

  test("has here-documents that a command of RUN reads, and that COPY makes files of", () => {
    const { stages } = parseDockerfile(
      lines(
        "FROM a",
        "RUN cat <<EOF > /x && echo '<<Z'",
        "FROM x",
        "EOF",
        "COPY <<A <<-'B C' /y/",
        "one",
        "A",
        "\ttwo",
        "\tB C",
        "RUN 3<<X",
        "#",
        "X",
        "RUN <<S",
        "#!/bin/awk -f",
        "S",
      ),
    );
    expect(stages[0]?.commands.map(({ text, line, endLine }) => [text, line, endLine])).toEqual([
      ["cat <<EOF > /x && echo '<<Z'\nFROM x\nEOF", 2, 4],
      ["<<A <<-'B C' /y/", 5, 9],
      ["3<<X\n#\nX", 10, 12],
      ["#!/bin/awk -f", 13, 15],
    ]);
    expect(stages[0]?.commands[1]?.heredocs).toEqual([
      { name: "A", expands: true, content: "one\n" },
      { name: "B C", expands: false, content: "two\n" },
    ]);
    expect(stages[0]?.commands[3]?.scriptFile).not.toBe(null);
    expect(() => parseDockerfile("FROM a\nRUN <<E\nx\n")).toThrow("unterminated heredoc");
  });

  test.each([
    ["", "failed to parse Dockerfile: file with no instructions"],
    ["# only this", "failed to parse Dockerfile: file with no instructions"],
    ["RUN x", "no build stage in current context"],
    ["ARG x", "no build stage in current context"],
    ["FROM", "dockerfile parse error line 1: FROM requires either one or three arguments"],
    [
      "FROM a AS 1x",
      `dockerfile parse error line 1: invalid name for build stage: "1x", name can't start with a number or contain symbols`,
    ],
    ["FROM a\n\nFOO x", "dockerfile parse error line 3: unknown instruction: FOO"],
    ["FROM a\nRUN --net=none x", "dockerfile parse error line 2: Unknown flag: net"],
    ["FROM a\nCOPY --from=a --from=b x y", "dockerfile parse error line 2: Duplicate flag specified: from"],
    ["# escape=x\nFROM a", "invalid ESCAPE 'x'. Must be ` or \\"],
    ["# escape=`\n# ESCAPE=`\nFROM a", "only one escape parser directive can be used"],
    ["FROM a\nENV x", "failed to parse Dockerfile: ENV must have two arguments"],
    ["FROM a\nENV x=1 y", 'failed to parse Dockerfile: Syntax error - can\'t find = in "y". Must be of the form: name=value'],
    ["FROM a\nONBUILD ONBUILD RUN x", "dockerfile parse error line 2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"],
  ])("%j is refused", (text, message) => {
    expect(() => parseDockerfile(text)).toThrow(new RegExp(`${message.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`));
  });
});
