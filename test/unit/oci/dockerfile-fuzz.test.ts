import { fc } from "../../support/fuzz.ts";
import { expect, test } from "vitest";
import { SlipwayError } from "../../../src/base/errors.ts";
import { processWord, splitWords } from "../../../src/oci/dockerfile/process-word.ts";
import { splitInstructions } from "../../../src/oci/dockerfile/split-instructions.ts";
import { parseDockerfile } from "../../../src/runtime/build/dockerfile.ts";
import { expandText } from "../../../src/runtime/build/expand-text.ts";
import { parseRunMount } from "../../../src/runtime/build/solve/run-mount.ts";

/** Pieces that mean something in a Dockerfile, so that most texts get far. */
const piece = fc.constantFrom(
  ..."FROM RUN COPY ADD ENV LABEL ARG EXPOSE HEALTHCHECK ONBUILD SHELL VOLUME USER WORKDIR CMD ENTRYPOINT STOPSIGNAL MAINTAINER AS".split(
    " ",
  ),
  ...'busybox scratch a b=c $A ${B} ${C:-d} ${E:+f} ${G?h} ${ \' " \\ ` [ ] ["x"] { } # <<EOF <<-\'X Y\' <<"Z" 3<<E EOF EOF2'.split(" "),
  ..."--from=a --chown=1:2 --chmod=0 --mount=type=cache,target=/x --network=none --link --checksum=x --interval=1s --platform=$P".split(
    " ",
  ),
  "\n",
  "\n",
  "\\\n",
  "`\n",
  "\t",
  " ",
  "# escape=`\n",
  "# syntax=x\n",
  "\r\n",
  "\uFEFF",
  "\u0000",
  "\u{1F433}",
);
const text = fc.oneof(
  fc
    .array(fc.oneof({ weight: 6, arbitrary: piece }, { weight: 1, arbitrary: fc.string() }), { maxLength: 60 })
    .map((pieces) => pieces.join(" ")),
  fc.array(piece, { maxLength: 60 }).map((pieces) => `FROM a\n${pieces.join("")}`),
  fc.string({ unit: "binary", maxLength: 300 }),
);

/** A reader either reads, or says in one line of its own what is wrong. */
function readsOrRefuses(read: () => unknown): void {
  let failure: unknown = null;
  try {
    read();
  } catch (error) {
    failure = error;
  }
  expect(failure === null || (failure instanceof SlipwayError && failure.message !== "") ? null : failure).toBe(null);
}

test("any text is a Dockerfile or is refused with a reason", () => {
  fc.assert(
    fc.property(text, (dockerfile) => readsOrRefuses(() => parseDockerfile(dockerfile))),
    { numRuns: 1500 },
  );
});

test("instructions come in order, each from lines of its own, and nothing but comments is between them", () => {
  fc.assert(
    fc.property(text, (dockerfile) => {
      readsOrRefuses(() => {
        const { instructions } = splitInstructions(dockerfile);
        const lines = dockerfile.split(/\r?\n/);
        let last = 0;
        for (const { start, end } of instructions) {
          expect(start).toBeGreaterThan(last);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(
            lines.slice(last, start - 1).filter((line) => !/^\s*(#|$)/.test(line.replace("\uFEFF", "")) && !/^[\s\\`]*$/.test(line)),
          ).toEqual([]);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(lines.length);
      });
    }),
    { numRuns: 500 },
  );
});

test("words, here-documents and mounts are read or refused, and time grows with their length alone", () => {
  const lookup = (name: string): string | undefined => (name.length % 2 === 0 ? name : undefined);
  fc.assert(
    fc.property(text, (words) => {
      readsOrRefuses(() => splitWords(words).map((word) => processWord(word, lookup)));
      readsOrRefuses(() => expandText(words, lookup, "\\"));
      readsOrRefuses(() => parseRunMount(words, "/w"));
    }),
    { numRuns: 1500 },
  );
  const deep = `FROM a\nENV ${"x=${y:-".repeat(2000)}${"}".repeat(2000)}`;
  readsOrRefuses(() => parseDockerfile(deep));
  readsOrRefuses(() => expandText("${a:-".repeat(5000), lookup, "\\"));
  readsOrRefuses(() => parseDockerfile(`FROM a\n${"RUN x \\\n".repeat(100_000)}`));
});

test("a plain value comes through quotes as it is", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      fc.pre(!value.includes("'"));
      expect(processWord(`'${value}'`, () => "no")).toBe(value);
      expect(processWord(`"${value.replaceAll(/["\\$]/g, String.raw`\$&`)}"`, () => "no")).toBe(value);
    }),
  );
});
