import { InvalidArgumentError } from "../../../base/errors.ts";
import type { ContainerConfig } from "../../../docker/api/types.ts";

/** Nanoseconds. */
const SHORTEST = 1_000_000;

/** Refuses a health check that could not be kept to. @throws InvalidArgumentError with Docker's texts. */
export function checkHealth(check: ContainerConfig["Healthcheck"]): void {
  const times = ["Interval", "Timeout", "StartPeriod", "StartInterval"] as const;
  const short = times.find((name) => (check?.[name] ?? 0) !== 0 && (check?.[name] ?? 0) < SHORTEST);
  if (short !== undefined) throw new InvalidArgumentError(`${short} in Healthcheck cannot be less than 1ms`);
  if ((check?.Retries ?? 0) < 0) throw new InvalidArgumentError("Retries in Healthcheck cannot be negative");
}
