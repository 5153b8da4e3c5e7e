type Schema = Readonly<Record<string, unknown>>;

/** What has keys of its own: by where it stands (`step`, `containerFacts.mounts.*`) and key. */
type Told = (where: string, key: string) => void;

/** All keys that a schema knows, each with where it stands. */
export function schemaKeys(root: Schema): ReadonlySet<string> {
  const keys = new Set<string>();
  const walk = (schema: unknown, where: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [key, inner] of Object.entries(objectAt(schema, "properties"))) {
      keys.add(`${where}.${key}`);
      walk(inner, `${where}.${key}`);
    }
    walk(at(schema, "additionalProperties"), `${where}.*`);
    walk(at(schema, "items"), where);
    for (const branch of branches(schema)) walk(branch, where);
  };
  walk(root, "scenario");
  for (const [name, schema] of Object.entries(objectAt(root, "$defs"))) walk(schema, name);
  return keys;
}

/** The keys of a schema that a value of it uses; `def` is the definition that it is of, or null for the whole. */
export function usedKeys(root: Schema, value: unknown, def: string | null): ReadonlySet<string> {
  const used = new Set<string>();
  const start = def === null ? root : at(objectAt(root, "$defs"), def);
  visit(root, start, value, def ?? "scenario", (where, key) => used.add(`${where}.${key}`));
  return used;
}

function visit(root: Schema, schema: unknown, value: unknown, where: string, tell: Told): void {
  if (typeof schema !== "object" || schema === null) return;
  const ref = at(schema, "$ref");
  if (typeof ref === "string") {
    const name = ref.replace("#/$defs/", "");
    visit(root, at(objectAt(root, "$defs"), name), value, name, tell);
  }
  for (const branch of branches(schema)) visit(root, branch, value, where, tell);
  if (Array.isArray(value)) {
    for (const one of value) visit(root, at(schema, "items"), one, where, tell);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const properties = objectAt(schema, "properties");
  for (const [key, inner] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) {
      tell(where, key);
      visit(root, properties[key], inner, `${where}.${key}`, tell);
    } else visit(root, at(schema, "additionalProperties"), inner, `${where}.*`, tell);
  }
}

function branches(schema: object): readonly unknown[] {
  return [at(schema, "anyOf"), at(schema, "oneOf")].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
}

function at(value: object, key: string): unknown {
  return (value as Schema)[key];
}

function objectAt(value: object, key: string): Schema {
  const inner = at(value, key);
  return typeof inner === "object" && inner !== null ? (inner as Schema) : {};
}
