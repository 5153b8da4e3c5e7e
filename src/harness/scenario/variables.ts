/** Variables that every scenario has: the work directory as steps see it, and a number that is each student's own when submissions are graded. */
export const BUILT_IN_VARIABLES: readonly string[] = ["WORKDIR", "SEED"];

// `$${NAME}` stands for the text `${NAME}` itself.
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The names of all `${NAME}` in `text`. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** `text` with every `${NAME}` replaced by `valueOf(NAME)`. */
export function replaceVariables(text: string, valueOf: (name: string) => string): string {
  return text.replaceAll(REFERENCE, (_, name: string | undefined) => (name === undefined ? "${" : valueOf(name)));
}
