import { goDuration } from "../../../base/go-duration.ts";
import { fromJson, GoMap, GoNil, GoSlice, GoStruct, type GoValue } from "../template/go-value.ts";
import { GO_TYPES } from "./go-types.ts";
import { goTime } from "./local-time.ts";

/** Parsed JSON as a Go value of `type`, `*container.Config` or `map[string]string`; fields that JSON leaves out are zero. */
export function typedValue(type: string, json: unknown): GoValue {
  if (type.startsWith("*")) return pointerValue(type, json);
  if (type.startsWith("[]")) {
    const element = type.slice(2);
    return new GoSlice(type, Array.isArray(json) ? json.map((item) => typedValue(element, item)) : [], json ?? null);
  }
  const map = /^map\[string\](.+)$/.exec(type);
  if (map?.[1] !== undefined) {
    const element = map[1];
    const entries = Object.entries(json ?? {}).map(([key, value]): [string, GoValue] => [key, typedValue(element, value)]);
    return new GoMap(type, new Map(entries), { missing: typedValue(element, undefined), source: json ?? null });
  }
  const fields = GO_TYPES[type];
  if (fields) return structValue(type, fields, json, false);
  switch (type) {
    case "string":
      return typeof json === "string" ? json : "";
    case "bool":
      return json === true;
    case "struct {}":
      return new GoStruct(type, new Map(), { source: {} });
    case "interface {}":
      return fromJson(json);
    case "time.Time":
      return new GoStruct(type, new Map(), { text: goTime(typeof json === "string" ? json : ""), source: json });
    case "time.Duration":
      return new GoStruct(type, new Map(), { text: goDuration(Number(json ?? 0)), source: json ?? 0 });
    default:
      return typeof json === "number" ? json : 0;
  }
}

function pointerValue(type: string, json: unknown): GoValue {
  if (json === null || json === undefined) return new GoNil(type);
  const target = type.slice(1);
  const fields = GO_TYPES[target];
  return fields ? structValue(target, fields, json, true) : typedValue(target, json);
}

function structValue(type: string, fields: readonly string[], json: unknown, pointer: boolean): GoStruct {
  const object = (json ?? {}) as Readonly<Record<string, unknown>>;
  const entries = fields.map((line): [string, GoValue] => {
    const space = line.indexOf(" ");
    const [name = "", jsonName = name] = line.slice(0, space).split(":");
    return [name, typedValue(line.slice(space + 1), object[jsonName])];
  });
  return new GoStruct(type, new Map(entries), { pointer, source: json ?? {} });
}
