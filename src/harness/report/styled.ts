import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];
export type Stylist = (style: Style | null, text: string) => string;

/** Whether there are colours is the caller's to know, so no second guess by the stream's or the environment's. */
export function stylist(colors: boolean): Stylist {
  return (style, text) => (colors && style !== null ? styleText(style, text, { validateStream: false }) : text);
}

/** `1.25 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
