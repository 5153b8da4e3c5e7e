import { expect, test } from "vitest";
import { planScenario, planScenarios } from "../../../../src/harness/plan/plan-scenario.ts";
import type { Given } from "../../../../src/harness/plan/variables.ts";
import { draw } from "../../../../src/harness/run/draw.ts";
import { readScenario } from "../../../../src/harness/scenario/load.ts";

const plansOf = (text: string, given: Given = {}) =>
  planScenarios(readScenario("s.yaml", `name: s\n${text}\nsteps: [{ run: x }]\n`), given);

test("variables come from the file, the environment and the command line, each above those before", () => {
  const text = `env: { A: env }
vars: { B: 1, C: { env: C_THERE }, D: { env: D_THERE, default: d }, E: { env: E_THERE }, F: { value: hidden, secret: true }, G: { random: { letters: 3 } } }
requires: { variables: [C_THERE, R_THERE] }`;
  const [plan] = plansOf(text, { variables: { A: "line", G: "fixed" }, environment: { C_THERE: "c" } });
  expect(plan).toMatchObject({
    env: { A: "line", B: "1", C: "c", D: "d", F: "hidden", G: "fixed" },
    drawn: [],
    secrets: ["hidden"],
    requires: { unset: ["R_THERE", "E_THERE"] },
  });
});

test("a matrix gives a plan for each combination, without those excluded and with those included, its values in images and names", () => {
  const text = `matrix:
  vars: { A: [1, 2], B: [x, y] }
  exclude: [{ A: 1, B: y }]
  include: [{ A: 3, B: z }]
images: ["img:\${A}"]`;
  const plans = plansOf(text);
  expect(plans.map(({ name, images, env }) => `${name} ${images.join()} ${env["A"]}${env["B"]}`)).toEqual([
    "s[1,x] img:1 1x",
    "s[2,x] img:2 2x",
    "s[2,y] img:2 2y",
    "s[3,z] img:3 3z",
  ]);
  expect(() => planScenario(readScenario("s.yaml", `name: s\n${text}\nsteps: [{ run: x }]\n`))).toThrow(/one combination/);
});

test("what is drawn is the same for the same seed, scenario and name, and spread over all there is", () => {
  const at = (seed: number, name = "v") => ({ seed: String(seed), scenario: "s", name });
  const all = Array.from({ length: 200 }, (_, seed) => draw({ between: [1, 3] }, at(seed)));
  expect(new Set(all)).toEqual(new Set(["1", "2", "3"]));
  expect(draw({ letters: 40 }, at(1))).toMatch(/^[a-z]{40}$/);
  expect(draw({ letters: 40 }, at(1))).toBe(draw({ letters: 40 }, at(1)));
  expect(draw({ letters: 40 }, at(1))).not.toBe(draw({ letters: 40 }, at(2)));
  expect(draw({ letters: 40 }, at(1))).not.toBe(draw({ letters: 40 }, at(1, "w")));
  expect(["a", "b"]).toContain(draw({ oneOf: ["a", "b"] }, at(1)));
});

test("variables and matrices that contradict themselves are told", () => {
  const text = `env: { A: 1 }
vars: { A: 2, B: { value: 1, env: X }, C: { value: 1, default: 2 }, D: { random: { between: [2, 1] } }, E: { random: { letters: 1, oneOf: [a] } } }
matrix: { vars: { M: [1, 2] }, exclude: [{ N: 1 }], include: [{ O: 1 }] }`;
  expect(() => plansOf(text)).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({ path: "vars/A", message: "is in env too" }),
        expect.objectContaining({ path: "vars/B", message: "must have exactly one of the keys value, env, random" }),
        expect.objectContaining({ path: "vars/C/default", message: "is only for env" }),
        expect.objectContaining({ path: "vars/D/random/between", message: "2 is more than 1" }),
        expect.objectContaining({ path: "vars/E/random", message: "must have exactly one of the keys between, oneOf, letters" }),
        expect.objectContaining({ path: "matrix/exclude/0/N", message: "is no variable of the matrix" }),
        expect.objectContaining({ path: "matrix/include/0", message: "lacks M" }),
      ] as unknown,
    }),
  );
});
