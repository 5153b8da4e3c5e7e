import type { FileFacts } from "../../run/observe/observation.ts";
import type { File } from "../../scenario/scenario.generated.ts";
import { below, combine, field, type Field, type Mismatch } from "./mismatch.ts";
import { matchNumber } from "./number.ts";
import { matchText } from "./text.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** Holds a file (null: not there; `missing`: nor what it would be in) against what is expected of it. */
export function matchFile(expected: File, file: FileFacts | null, missing?: Said): Mismatch | null {
  const { path } = expected;
  // That something is not in a container which is not there proves nothing.
  if (missing !== undefined) return asRationale(missing);
  if (expected.exists === false)
    return file === null ? null : { ...asRationale(say("{0} exists", path)), expected: "absent", actual: file.type, at: ["exists"] };
  if (file === null) return { ...asRationale(say("{0} does not exist", path)), expected: expected.type ?? "present", actual: "absent" };
  const fields: Field[] = [];
  if (expected.type !== undefined) fields.push(field(["type"], say("type"), expected.type, file.type));
  if (expected.mode !== undefined) fields.push(field(["mode"], say("mode"), octal(Number.parseInt(expected.mode, 8)), octal(file.mode)));
  if (expected.owner !== undefined) fields.push(field(["owner"], say("owner"), expected.owner, `${file.uid}:${file.gid}`));
  if (expected.linkTarget !== undefined) {
    fields.push(
      file.linkTarget === null
        ? field(["linkTarget"], say("type"), "symlink", file.type)
        : { at: ["linkTarget"], name: say("link target"), mismatch: matchText(say("link target"), expected.linkTarget, file.linkTarget) },
    );
  }
  if (expected.size !== undefined)
    fields.push({ at: ["size"], name: say("size"), mismatch: matchNumber(say("size"), expected.size, file.size) });
  if (expected.sha256 !== undefined) fields.push(field(["sha256"], say("sha256"), expected.sha256, file.sha256));
  if (expected.content !== undefined) {
    const mismatch =
      file.content === null
        ? asRationale(file.type === "file" ? say("{0} is too large to look into", path) : say("{0} is a {1}", path, file.type))
        : matchText(say("content of {0}", path), expected.content, file.content);
    if (mismatch !== null && fields.every((one) => one.mismatch === null)) return below(["content"], mismatch);
    fields.push({ at: ["content"], name: say("content"), mismatch });
  }
  return combine(fields);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
