import type { JsonMessage } from "../../docker/api/types.ts";

/** How often a layer's progress is told of, at most. */
const intervalMs = 100;

/** A layer's message: `status` beside its short id. */
export function layerMessage(id: string, status: string): JsonMessage {
  return { status, progressDetail: {}, id };
}

/** Tells of bytes that come or go, not too often: the bar is drawn here, as dockerd does for its clients. */
export function progressOf(id: string, status: string, total: number, send: (message: JsonMessage) => void): (current: number) => void {
  let last = 0;
  return (current) => {
    const now = performance.now();
    if (now - last < intervalMs && current < total) return;
    last = now;
    send({ status, progressDetail: { current, total }, progress: progressBar(current, total), id });
  };
}

/** `[=====>      ]  1.2MB/3.4MB`, as the terminal of 110 columns or more shows it. */
function progressBar(current: number, total: number): string {
  if (total <= 0 || current > total) return humanSize(current).padStart(8);
  const done = Math.floor(((current / total) * 100) / 2);
  return `[${"=".repeat(done)}>${" ".repeat(50 - done)}] ${humanSize(current).padStart(8)}/${humanSize(total)}`;
}

/** go-units `HumanSize`: four significant digits, powers of 1000. */
function humanSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${Number(value.toPrecision(4))}${units[unit]}`;
}
