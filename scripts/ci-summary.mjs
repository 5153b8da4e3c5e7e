// Ends CI's output: what failed, by name, and the line "N passed, N failed". A gate that failed counts as one failed.
import { existsSync, readFileSync } from "node:fs";

const [reportFile, ...failedGates] = process.argv.slice(2);
const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, "utf8")) : null;
const tests = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
for (const { fullName, status } of tests) if (status === "failed") console.log(`failed: ${fullName}`);
for (const { name, status, message } of report?.testResults ?? [])
  if (status === "failed" && message) console.log(`failed: ${name}: ${message}`);
for (const gate of failedGates) console.log(`failed gate: ${gate}`);

const count = (wanted) => tests.filter(({ status }) => status === wanted).length;
const failed = count("failed") + failedGates.length;
const skipped = tests.length - count("passed") - count("failed");
console.log(`${count("passed")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 || count("passed") === 0 ? 1 : 0;
