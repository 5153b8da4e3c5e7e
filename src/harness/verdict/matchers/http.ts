import type { HttpAnswerFacts } from "../../run/observe/observation.ts";
import type { HttpAnswer } from "../../scenario/scenario.generated.ts";
import { combine, type Field, type Mismatch } from "./mismatch.ts";
import { matchNamedTexts } from "./named-texts.ts";
import { matchNumber } from "./number.ts";
import { matchText } from "./text.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** What is expected of an answer itself, whoever asked. */
export type AnswerExpectation = Pick<HttpAnswer, "status" | "headers" | "body">;

/** Holds the answer to a request (null: there is none, for `problem`) against what is expected of it. */
export function matchHttp(expected: HttpAnswer, answer: HttpAnswerFacts | null, problem: Said | string = ""): Mismatch | null {
  if (expected.answers === false) {
    return answer === null
      ? null
      : {
          ...asRationale(say("it is answered with status {0}", answer.status)),
          expected: "no answer",
          actual: answer.body,
          at: ["answers"],
        };
  }
  if (answer === null) return asRationale(say("there is no answer: {0}", problem));
  return combine(answerFields(expected, answer));
}

export function answerFields({ status, headers, body }: AnswerExpectation, answer: HttpAnswerFacts): readonly Field[] {
  const given = new Map(Object.entries(answer.headers));
  const found = Object.keys(headers ?? {}).map((name) => [name, given.get(name.toLowerCase())] as const);
  return [
    ...(status === undefined ? [] : [{ at: ["status"], name: say("status"), mismatch: matchNumber(say("status"), status, answer.status) }]),
    ...matchNamedTexts(
      "headers",
      "header {0}",
      headers,
      new Map(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    ),
    ...(body === undefined ? [] : [{ at: ["body"], name: say("body"), mismatch: matchText(say("body"), body, answer.body) }]),
  ];
}
