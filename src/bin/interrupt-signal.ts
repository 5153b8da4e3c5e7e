/**
 * Aborted by the first Ctrl-C, SIGTERM or hangup, so that everything is cleaned up; by the second the process ends at once
 * (its engines end with it).
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  return controller.signal;
}
