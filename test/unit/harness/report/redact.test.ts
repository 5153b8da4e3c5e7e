import { expect, test } from "vitest";
import { multiplex, redacted } from "../../../../src/harness/report/multiplexer.ts";
import { redactor } from "../../../../src/harness/report/redact.ts";
import { tapDocument } from "../../../../src/harness/report/tap.ts";
import type { Report } from "../../../../src/harness/report/report.ts";
import { checkOf, resultOf, sampleReport } from "../../../support/report-of.ts";

test("a secret is nowhere in what reporters are told: not in output, titles, keys, or escaped in JSON", async () => {
  const secret = 'pa"ss\\word';
  const output = { exitCode: 0, stdout: `got ${secret} and ${JSON.stringify({ secret })}`, stderr: "pa" };
  const report = sampleReport(resultOf({ title: `with ${secret}`, checks: [checkOf({ output, title: { en: secret } })] }));
  const told: Report[] = [];
  const all = multiplex([{ name: "test", reporter: { onRunEnd: (one) => void told.push(one) } }], () => undefined);
  await redacted(all, redactor([secret, "pa", ""])).onRunEnd(report);
  const text = JSON.stringify(told) + tapDocument(told[0] ?? report, "en");
  expect(text).not.toContain("word");
  expect(told[0]?.scenarios[0]?.checks[0]?.output).toEqual({ exitCode: 0, stdout: 'got *** and {"secret":"***"}', stderr: "pa" });
});

test("a reporter that fails is told of once, and the others get everything", async () => {
  const faults: string[] = [];
  const ends: string[] = [];
  const bad = {
    onScenarioEnd: () => {
      ends.push("bad");
      throw new Error("disk full");
    },
    onRunEnd: () => void ends.push("never"),
  };
  const good = { onScenarioEnd: ({ name }: { name: string }) => void ends.push(name), onRunEnd: () => void ends.push("end") };
  const all = multiplex(
    [
      { name: "junit", reporter: bad },
      { name: "json", reporter: good },
    ],
    (name, error) => void faults.push(`${name}: ${String(error)}`),
  );
  all.onScenarioEnd(resultOf({ name: "one" }));
  all.onScenarioEnd(resultOf({ name: "two" }));
  await all.onRunEnd(sampleReport());
  expect(faults).toEqual(["junit: Error: disk full"]);
  expect(ends).toEqual(["bad", "one", "two", "end"]);
});
