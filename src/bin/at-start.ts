import { startupSnapshot } from "node:v8";

/**
 * Runs a program: now, or, while the build takes a snapshot of what its modules have become (`scripts/snapshot-bundle.cjs`), whenever that is started;
 * `load` loads what it would otherwise load later. What modules do when they are loaded must therefore hold for any start: they read no environment, no
 * argument and no file.
 */
export function atStart(program: () => void, load: () => Promise<void>): void {
  if (!startupSnapshot.isBuildingSnapshot()) return program();
  startupSnapshot.setDeserializeMainFunction(program);
  void load();
}
