import { nodeText, type Command, type Operand, type TemplateCall } from "./nodes.ts";

/** The template itself is wrong: `template: :1: unclosed action`. */
export class TemplateError extends Error {
  override name = "TemplateError";
  constructor(source: string, at: number, message: string) {
    super(`template: :${lineOf(source, at)}: ${message}`);
  }
}

/** The template does not fit its data: `template: :1:2: executing "" at <.Foo>: can't evaluate field Foo in type …`. */
export class ExecuteError extends Error {
  override name = "ExecuteError";
  constructor(source: string, node: Operand | Command | TemplateCall, message: string) {
    const column = node.at - (source.lastIndexOf("\n", node.at - 1) + 1);
    super(`template: :${lineOf(source, node.at)}:${column}: executing "" at <${nodeText(node)}>: ${message}`);
  }
}

function lineOf(source: string, at: number): number {
  return source.slice(0, at).split("\n").length;
}
