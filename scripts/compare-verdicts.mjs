// Compares two reports of `slipway run --reporter json`: the same scenarios and checks with the same outcomes.
import { readFileSync } from "node:fs";

/** "file › scenario › check" → outcome, for everything in a report. */
function outcomes(file) {
  const found = new Map();
  for (const scenario of JSON.parse(readFileSync(file, "utf8")).scenarios) {
    const place = `${scenario.file} › ${scenario.name}`;
    found.set(place, scenario.outcome);
    for (const check of scenario.checks) found.set(`${place} › ${check.id}`, check.outcome);
  }
  return found;
}

const [one, other] = process.argv.slice(2).map(outcomes);
const places = new Set([...one.keys(), ...other.keys()]);
const differing = [...places].filter((place) => one.get(place) !== other.get(place));
for (const place of differing) console.error(`${place}: ${one.get(place) ?? "absent"} ≠ ${other.get(place) ?? "absent"}`);
console.log(`${places.size} verdicts compared, ${differing.length} differ`);
process.exitCode = differing.length > 0 ? 1 : 0;
