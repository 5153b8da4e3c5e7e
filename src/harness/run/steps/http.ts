import type { StepAction } from "../../plan/plan.ts";
import { requestHttp } from "../http-request.ts";
import { addressOf } from "../observe/http.ts";
import type { Scene } from "../observe/engine.ts";
import type { StepOutcome } from "../observe/observation.ts";
import type { StepContext } from "../step-context.ts";
import { outcomeOf } from "./outcome.ts";

/** Makes a request. Its outcome's `stdout` is the answer's body; without an answer the exit code is 1 and `stderr` says why. */
export async function runHttp(
  { request }: Extract<StepAction, { kind: "http" }>,
  context: StepContext,
  { engine, connect }: Pick<Scene, "engine" | "connect">,
): Promise<StepOutcome> {
  const startedAt = performance.now();
  const at = await addressOf(request, engine);
  const { signal, limitMs } = context;
  const answer = at.problem ?? (await requestHttp(request, { connect, address: at.address, signal, limitMs }));
  if ("en" in answer) return outcomeOf(startedAt, context, { exitCode: 1, stderr: answer.en, answer: null });
  return outcomeOf(startedAt, context, { stdout: answer.body, answer });
}
