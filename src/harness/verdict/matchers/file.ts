import type { FileFacts } from "../../run/observe/observation.ts";
import type { File } from "../../scenario/scenario.generated.ts";
import { combine, field, type Field, type Mismatch } from "./mismatch.ts";
import { matchNumber } from "./number.ts";
import { matchText } from "./text.ts";

/** Holds a file (null: not there; `missing`: nor what it would be in) against what is expected of it. */
export function matchFile(expected: File, file: FileFacts | null, missing?: string): Mismatch | null {
  const { path } = expected;
  // That something is not in a container which is not there proves nothing.
  if (missing !== undefined) return { rationale: missing };
  if (expected.exists === false) return file === null ? null : { rationale: `${path} exists`, expected: "absent", actual: file.type };
  if (file === null) return { rationale: `${path} does not exist`, expected: expected.type ?? "present", actual: "absent" };
  const fields: Field[] = [];
  if (expected.type !== undefined) fields.push(field("type", expected.type, file.type));
  if (expected.mode !== undefined) fields.push(field("mode", octal(Number.parseInt(expected.mode, 8)), octal(file.mode)));
  if (expected.owner !== undefined) fields.push(field("owner", expected.owner, `${file.uid}:${file.gid}`));
  if (expected.linkTarget !== undefined) {
    fields.push(
      file.linkTarget === null
        ? field("type", "symlink", file.type)
        : { name: "link target", mismatch: matchText("link target", expected.linkTarget, file.linkTarget) },
    );
  }
  if (expected.size !== undefined) fields.push({ name: "size", mismatch: matchNumber("size", expected.size, file.size) });
  if (expected.sha256 !== undefined) fields.push(field("sha256", expected.sha256, file.sha256));
  if (expected.content !== undefined) {
    const mismatch =
      file.content === null
        ? { rationale: `${path} is ${file.type === "file" ? "too large to look into" : `a ${file.type}`}` }
        : matchText(`content of ${path}`, expected.content, file.content);
    if (mismatch !== null && fields.every((one) => one.mismatch === null)) return mismatch;
    fields.push({ name: "content", mismatch });
  }
  return combine(fields);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
