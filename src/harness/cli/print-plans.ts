import { describeAction, textIn } from "../plan/describe.ts";
import { formatPoints, toNumber } from "../plan/fraction.ts";
import type { Plan } from "../plan/plan.ts";
import type { Language } from "../report/reporter.ts";
import { visibleText } from "../report/visible-text.ts";

/** The plans, a line each in columns: name, points, tags, title. */
export function planTable(plans: readonly Plan[], language: Language): string {
  const rows = plans.map(({ name, points, tags, title }) => [
    name,
    formatPoints(points),
    tags.join(","),
    title === null ? "" : textIn(title, language),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => visibleText(cell).padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}

/** What a run would do: each scenario with its steps, and what is looked at after each and at the end. */
export function planDetails(plans: readonly Plan[], language: Language): string {
  return plans
    .map((plan) => {
      const lines = [`${plan.name}  ${plan.location.file}:${plan.location.line}`];
      if (plan.images.length > 0) lines.push(`  images: ${plan.images.join(", ")}`);
      for (const step of plan.steps) {
        lines.push(`  ${step.id}: ${step.title}`);
        const action = describeAction(step.action);
        if (action !== step.title) lines.push(`    ${action}`);
        for (const { explicit, title } of step.expectations) if (explicit) lines.push(`    → ${textIn(title, language)}`);
      }
      for (const { title } of plan.expectations) lines.push(`  → ${textIn(title, language)}`);
      return `${lines.map(visibleText).join("\n")}\n`;
    })
    .join("\n");
}

/** The plans as JSON, for programs: `detailed` with their steps and expectations. */
export function planJson(plans: readonly Plan[], detailed: boolean): string {
  const scenarios = plans.map((plan) => {
    const { name, file, location, title, tags, points, timeoutMs, images, requires, steps, expectations } = plan;
    const base = { name, file, line: location.line, title, tags, points: toNumber(points) };
    if (!detailed) return base;
    const expected = (all: typeof expectations): object[] =>
      all.map(({ id, title: what, location: { line } }) => ({ id, title: what, line }));
    return {
      ...base,
      timeoutMs,
      images,
      requires,
      steps: steps.map((step) => ({
        id: step.id,
        title: step.title,
        line: step.location.line,
        kind: step.action.kind,
        expect: expected(step.expectations),
      })),
      expect: expected(expectations),
    };
  });
  return `${JSON.stringify(scenarios, null, 2)}\n`;
}
