/** What two engines may differ in without differing: ids, digests, times, addresses and process ids. */
export function normalise(text: string): string {
  return (
    text
      .replaceAll("\r\n", "\n")
      .replaceAll(/\b[0-9a-f]{64}\b/g, "<id>")
      // Also one without a letter, as one in 300 is.
      .replaceAll(/\b[0-9a-f]{12}\b/g, "<short-id>")
      .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, "<time>")
      .replaceAll(
        /\b(Less than a second|About a minute|About an hour|\d+ (seconds?|minutes?|hours?|days?|weeks?|months?|years?))( ago)?/g,
        "<span>$3",
      )
      .replaceAll(/\b172\.17\.0\.\d+/g, "172.17.0.<n>")
      .replaceAll(/ {2,}/g, "  ")
      .replaceAll(/[ \t]+$/gm, "")
  );
}
