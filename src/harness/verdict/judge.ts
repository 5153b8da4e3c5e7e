import { TimeLimitError, withinTime } from "../../base/time-limit.ts";
import type { Expectation } from "../plan/plan.ts";
import type { Observation, StepOutcome } from "../run/observe/observation.ts";
import { formatDuration } from "../scenario/duration.ts";
import { matchContainer } from "./matchers/container.ts";
import { matchDiff } from "./matchers/diff.ts";
import { matchEntries } from "./matchers/entries.ts";
import { matchEvents } from "./matchers/events.ts";
import { matchFile } from "./matchers/file.ts";
import { answerFields, matchHttp } from "./matchers/http.ts";
import { matchImage } from "./matchers/image.ts";
import { combine, type Mismatch, type OneMismatch, reworded, saidOf } from "./matchers/mismatch.ts";
import { matchExitCode, matchNumber } from "./matchers/number.ts";
import { matchDifference, matchNetwork, matchOnly, matchVolume } from "./matchers/resources.ts";
import { matchText, plainText } from "./matchers/text.ts";
import type { Verdict } from "./verdict.ts";
import { asRationale, say, type Said } from "../plan/sayings.ts";

/** How long one expectation may take to be held against what was seen. */
const PATTERN_LIMIT_MS = 2_000;

/**
 * Whether what was seen is what was expected. Pure: the same two give the same verdict, whenever and wherever.
 * An observation of the wrong kind is a fault of ours, so an error.
 */
export function judge(expectation: Expectation, observation: Observation): Verdict {
  if (observation.kind === "unobserved") return { outcome: "error", error: observation.error };
  if (observation.kind === "skipped") return { outcome: "skip", because: observation.because };
  let mismatch: Mismatch | null | undefined;
  try {
    mismatch = hasPattern(expectation)
      ? withinTime(PATTERN_LIMIT_MS, () => match(expectation, observation))
      : match(expectation, observation);
  } catch (error) {
    if (!(error instanceof TimeLimitError)) throw error;
    // Whoever wrote what is matched may mean it so: it earns nothing, whether the pattern is to be found or not.
    mismatch = asRationale(
      say("to match it took longer than {0}: a pattern tries too many ways on this text", formatDuration(PATTERN_LIMIT_MS)),
    );
  }
  if (mismatch === undefined) {
    const message = `a ${observation.kind} was observed for the expectation ${expectation.id} of kind ${expectation.kind}`;
    return { outcome: "error", error: { name: "InternalError", message } };
  }
  if (mismatch === null) return { outcome: "pass" };
  const { eventually } = expectation;
  const late = (one: OneMismatch): Said =>
    eventually === null ? saidOf(one) : say("{0} (expected within {1})", saidOf(one), formatDuration(eventually.timeoutMs));
  return { outcome: "fail", ...reworded(mismatch, late), ...(expectation.help !== null && { help: expectation.help }) };
}

/** What may take exponential time on a text that is made for it: regular expressions, also those in filters of JSON paths. */
function hasPattern(expectation: Expectation): boolean {
  const isIn = (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(value).some(([key, inner]) => key === "matches" || key === "json" || key === "inspect" || isIn(inner));
  return "expected" in expectation && isIn(expectation.expected);
}

/** Null: as expected; undefined: the two do not belong together. */
function match(expectation: Expectation, observation: Observation): Mismatch | null | undefined {
  switch (expectation.kind) {
    case "exitCode":
      if (observation.kind !== "step") return undefined;
      return observation.exitCode === null ? notEnded(observation) : matchExitCode(expectation.expected, observation.exitCode);
    case "output":
      if (observation.kind !== "step") return undefined;
      return matchText(
        say(expectation.stream === "stdout" ? "standard output" : "standard error"),
        expectation.expected,
        observation[expectation.stream],
      );
    case "response":
      if (observation.kind !== "step") return undefined;
      if (!observation.answer) return asRationale(say("there is no answer: {0}", observation.stderr));
      return combine(answerFields(expectation.expected, observation.answer));
    case "dialogue":
      return observation.kind === "step" ? matchDialogue(observation) : undefined;
    case "container":
      return observation.kind === "container"
        ? matchContainer(expectation.name, expectation.expected, observation.container, observation.states)
        : undefined;
    case "image":
      return observation.kind === "image" ? matchImage(expectation.ref, expectation.expected, observation.image) : undefined;
    case "volume":
      return observation.kind === "volume" ? matchVolume(expectation.name, expectation.expected, observation.volume) : undefined;
    case "network":
      return observation.kind === "network" ? matchNetwork(expectation.name, expectation.expected, observation.network) : undefined;
    case "only":
      return observation.kind === "only" ? matchOnly(expectation.expected, observation.names) : undefined;
    case "difference":
      return observation.kind === "difference" ? matchDifference(expectation.expected, observation) : undefined;
    case "events":
      return observation.kind === "events" ? matchEvents(expectation.expected, observation.events) : undefined;
    case "http":
      return observation.kind === "http" ? matchHttp(expectation.expected, observation.answer, observation.problem) : undefined;
    case "count": {
      if (observation.kind !== "count") return undefined;
      const { counts } = observation;
      return combine(
        (["containers", "running", "images", "volumes", "networks"] as const).flatMap((what) => {
          const expected = expectation.expected[what];
          const name = say("number of {0}", say(what === "running" ? "running containers" : what));
          return expected === undefined ? [] : [{ at: [what], name, mismatch: matchNumber(name, expected, counts[what]) }];
        }),
      );
    }
    case "diff":
      return observation.kind === "diff" ? matchDiff(expectation.container, expectation.expected, observation.changes) : undefined;
    case "file":
      return observation.kind === "file" ? matchFile(expectation.expected, observation.file, observation.missing) : undefined;
    case "entries":
      return observation.kind === "entries"
        ? matchEntries(expectation.tar, expectation.expected, observation.names, observation.problem)
        : undefined;
    case "logs":
      if (observation.kind !== "logs") return undefined;
      if (observation.text === null) return asRationale(say("there is no container {0}", expectation.container));
      return matchText(say("log of {0}", expectation.container), expectation.expected, observation.text);
  }
}

function notEnded({ timedOut, timeoutMs, scenarioMs }: StepOutcome): Mismatch {
  if (!timedOut) return asRationale(say("it did not end"));
  if (scenarioMs === undefined) return asRationale(say("it did not end within {0}", formatDuration(timeoutMs)));
  return asRationale(say("it did not end before the scenario's time was over: {0} for all steps (timeout)", formatDuration(scenarioMs)));
}

function matchDialogue({ dialogue }: StepOutcome): Mismatch | null {
  if (dialogue === null) return null;
  const { awaited, waitedMs, shown, ended } = dialogue;
  const why = ended
    ? say("the program ended before {0} was shown", awaited)
    : say("{0} was not shown within {1}", awaited, formatDuration(waitedMs));
  return { ...asRationale(why), expected: awaited, actual: plainText(shown) };
}
