/** The parts of a parsed template. `at` is where a part stands in the text, for errors. */
export type Statement =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe }
  | { readonly kind: "break" | "continue"; readonly at: number }
  | TemplateCall
  | {
      readonly kind: "if" | "range" | "with";
      readonly at: number;
      readonly pipe: Pipe;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    };

/** `{{template "name" .Config}}` */
export interface TemplateCall {
  readonly kind: "template";
  readonly at: number;
  readonly name: string;
  readonly pipe: Pipe | null;
}

/** A template, and those that it defines by name. */
export interface ParsedTemplate {
  readonly statements: readonly Statement[];
  readonly templates: ReadonlyMap<string, readonly Statement[]>;
}

/** `$a, $b := first | second` */
export interface Pipe {
  readonly kind: "pipe";
  readonly at: number;
  readonly declares: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** `printf "%s" .ID`: a function or method and its arguments, or one operand. */
export interface Command {
  readonly at: number;
  readonly words: readonly [Operand, ...Operand[]];
}

export type Operand =
  | { readonly kind: "dot" | "nil"; readonly at: number }
  | { readonly kind: "bool"; readonly at: number; readonly value: boolean }
  | { readonly kind: "number"; readonly at: number; readonly value: number; readonly float: boolean; readonly text: string }
  | { readonly kind: "string"; readonly at: number; readonly value: string; readonly text: string }
  | { readonly kind: "field"; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: "variable"; readonly at: number; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: "function"; readonly at: number; readonly name: string }
  | { readonly kind: "chain"; readonly at: number; readonly of: Operand; readonly names: readonly string[] }
  | Pipe;

/** A part as Go writes it in its errors, `index .Mounts 3`. */
export function nodeText(node: Operand | Command | TemplateCall): string {
  if ("words" in node) return node.words.map((word) => (word.kind === "pipe" ? `(${nodeText(word)})` : nodeText(word))).join(" ");
  const dotted = (names: readonly string[]): string => names.map((name) => `.${name}`).join("");
  switch (node.kind) {
    case "template":
      return `{{template ${JSON.stringify(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ""}}}`;
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "number":
    case "string":
      return node.text;
    case "field":
      return dotted(node.names);
    case "variable":
      return node.name + dotted(node.names);
    case "function":
      return node.name;
    case "chain":
      return (node.of.kind === "pipe" ? `(${nodeText(node.of)})` : nodeText(node.of)) + dotted(node.names);
    default: {
      const declares = node.declares.length === 0 ? "" : `${node.declares.join(", ")} ${node.assigns ? "=" : ":="} `;
      return declares + node.commands.map(nodeText).join(" | ");
    }
  }
}
