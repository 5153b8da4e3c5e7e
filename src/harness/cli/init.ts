import { writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import { hasErrno, messageOf } from "../../base/errors.ts";
import { makeFolder } from "../../base/make-folder.ts";
import { newCommand, type NotRun, parse } from "./command-line.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

export interface InitOptions {
  /** The file to write. */
  readonly file: string;
}

const HELP = `
The file begins with a line by which editors (with the YAML language server) know its schema: completion and checks as you type.

Examples:
  slipway init                        scenarios/first.yaml
  slipway init scenarios/ports.yaml
  slipway init exercise stop-gently   an exercise with its solution and known-bad submissions
  slipway init gradescope EXERCISE DIR   the setup.sh and run_autograder of a Gradescope autograder
`;

/** Reads the words after `slipway init`. */
export function parseInitOptions(argv: readonly string[]): InitOptions | NotRun {
  const command = newCommand("init", "Write a first scenario, ready to be run and changed.")
    .argument("[file]", "where to", "scenarios/first.yaml")
    .addHelpText("after", HELP);
  return parse(command, argv) ?? { file: String(command.processedArgs[0]) };
}

/** `slipway init`: writes a scenario that passes. What is there already is never written over. */
export async function init(
  { file }: InitOptions,
  context: {
    readonly stdout: (text: string) => void;
    readonly stderr: (text: string) => void;
    readonly workdir: string;
    /** Our own schemas. */
    readonly schemaFile: string;
  },
): Promise<ExitCode> {
  const path = isAbsolute(file) ? file : join(context.workdir, file);
  const name = (file.split("/").at(-1) ?? "").replace(/\.ya?ml$/, "");
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name) || !/\.ya?ml$/.test(file)) {
    context.stderr(`${file}: a scenario's file is called like first.yaml: small letters, digits, and . _ - between them\n`);
    return exitCodes.usage;
  }
  // Beside the project's own node_modules a relative path, so that it holds for everybody who clones it.
  const inside = !relative(context.workdir, context.schemaFile).startsWith("..");
  const schema = inside ? relative(dirname(path), context.schemaFile) : context.schemaFile;
  try {
    makeFolder(dirname(path));
    await writeFile(path, firstScenario(name, schema), { flag: "wx" });
  } catch (error) {
    context.stderr(`${hasErrno(error, "EEXIST") ? `${file} is there already` : messageOf(error)}\n`);
    return exitCodes.usage;
  }
  context.stdout(
    `${file} is written. Now:\n  slipway run ${file}\n  slipway validate ${file}\n  slipway shell          to try commands first\n`,
  );
  return exitCodes.pass;
}

function firstScenario(name: string, schema: string): string {
  return `# yaml-language-server: $schema=${schema}
name: ${name}
title: { en: A container runs and leaves its output, zh: 容器运行并留下输出 }
images: [busybox]
steps:
  - name: a container that ends by itself
    run: docker run --name hello busybox echo "hello from a container"
    expect:
      stdout: hello from a container
  - name: its log stays
    run: docker logs hello
    expect:
      stdout: { contains: hello }
expect:
  - title: it ended well
    help: docker ps -a shows how a container ended.
    containers: { hello: { status: exited, exitCode: 0 } }
`;
}
