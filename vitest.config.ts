import { defineConfig } from "vitest/config";

/** What is awaited comes in its own time on a busy machine: vitest's own limit is a second. */
const expectations = { poll: { timeout: 30_000 } };

/** `unit` and `contract` need nothing; the others start real engines, so they run after, few at a time. */
export default defineConfig({
  test: {
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      reportsDirectory: "reports/coverage",
    },
    projects: [
      // Whether a test passes is not to depend on what else the machine does.
      ...["unit", "contract"].map((name) => ({
        test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 60_000, hookTimeout: 60_000, expect: expectations },
      })),
      {
        test: {
          name: "linux",
          include: ["test/linux/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: expectations,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "compat",
          include: ["test/compat/**/*.test.ts"],
          // Longer than its scripts may take, so that a slow one's end is seen and does not fall into the next case.
          testTimeout: 260_000,
          hookTimeout: 240_000,
          expect: expectations,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/scenarios/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          expect: expectations,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
