/** A span of time as Docker says it: `Less than a second`, `5 minutes`, `About an hour`, `3 weeks` (docker/go-units HumanDuration). */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  // Rounded to the nearest, unlike the others.
  const hours = Math.floor(milliseconds / 3_600_000 + 0.5);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  const whole = Math.floor(milliseconds / 3_600_000);
  if (hours < 24 * 7 * 2) return `${Math.floor(whole / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(whole / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(whole / 24 / 30)} months`;
  return `${Math.floor(whole / 24 / 365)} years`;
}
