// What rolldown leaves to us when it makes one CommonJS file of our modules.
import { writeFileSync } from "node:fs";
import standaloneCode from "ajv/dist/standalone/index.js";
import { dirname, join, relative } from "node:path";

const dist = join(import.meta.dirname, "../dist");

/** A module finds its files by `import.meta`; in a bundle that is told from where the module was. `folder`: the bundle's, below dist. */
export const ownPlaces = (folder) => ({
  name: "own-places",
  transform(code, id) {
    if (!id.startsWith(`${dist}/`) || !code.includes("import.meta.")) return null;
    const place = (path) => `require("node:path").join(__dirname, ${JSON.stringify(relative(join(dist, folder), path))})`;
    return code
      .replaceAll("import.meta.dirname", place(dirname(id)))
      .replaceAll("import.meta.url", `require("node:url").pathToFileURL(${place(id)})`);
  },
});

/** ajv turns our schemas into code, now and not at each start. */
export const schemasCompiled = {
  name: "schemas-compiled",
  async load(id) {
    if (id !== join(dist, "harness/scenario/compiled-schemas.js")) return null;
    const { ajv, compiledSchema, SCHEMAS } = await import(id);
    for (const file of SCHEMAS) compiledSchema(file);
    const code = standaloneCode.default(ajv, Object.fromEntries(SCHEMAS.map((file) => [file, file])));
    // Beside what it requires of ajv.
    writeFileSync(join(dist, "harness/scenario/compiled-schemas.cjs"), code);
    return `import validators from "./compiled-schemas.cjs";\nexport const compiledSchema = (file) => validators[file];\n`;
  },
};

/** Node's own modules are loaded when something of theirs is first used: loading all of them takes as long as Node's start. */
export function withLateBuiltins(code) {
  const names = [];
  const bare = code.replaceAll(
    /^let (node_\w+) = require\("(node:[\w/]+)"\);\n(?:\1 = __toESM\(\1(?:, 1)?\);\n)?/gm,
    (text, name, module) => {
      // A dependency has a variable of this name.
      if (code.match(new RegExp(`\\b(?:var|let|const) ${name}\\b`, "g")).length > 1) return text;
      names.push(name);
      return `late$("${name}", () => require("${module}"));\n`;
    },
  );
  return late + bare.replaceAll(new RegExp(`\\b(?<!")(${names.join("|")})\\b(?:\\.default\\b)?`, "g"), "late$.$1");
}

const late = `function late$(name, load) {
	Object.defineProperty(late$, name, { configurable: true, get() {
		const value = load();
		Object.defineProperty(late$, name, { value });
		return value;
	} });
}
`;

/** Node reads ASCII in half the time of UTF-8, and V8 keeps it in half the memory. */
export function asAscii(code) {
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
