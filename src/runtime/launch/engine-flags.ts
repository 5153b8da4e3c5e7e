/** What Node is started with for an engine. The build compiles the engine with the same, for what V8 makes of it depends on them. */
export const engineFlags: readonly string[] = [
  // A young generation of 16 MB, Node's usual one, is only ever filled here, and stays. Of a large image every 8 MB are collected: four more threads
  // to help with half a millisecond's work take longer to wake than it lasts, and a third of an export's processor time.
  "--max-semi-space-size=4",
  // From the start: it would begin with 1 MB, and collect twice, in 20 ms, while the engine comes up and keeps all of it.
  "--min-semi-space-size=4",
  "--single-threaded-gc",
  "--no-warnings",
];
