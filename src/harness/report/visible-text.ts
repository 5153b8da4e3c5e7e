import { withoutTerminalSequences } from "../../base/terminal-sequences.ts";

/**
 * Text as any document or terminal can hold it: terminal sequences removed, other control characters shown as their symbols (␀ … ␡),
 * halves of surrogate pairs and non-characters, which XML forbids, replaced by U+FFFD. Tabs and line ends stay.
 */
export function visibleText(text: string): string {
  const visible = withoutTerminalSequences(text)
    .replaceAll("\r\n", "\n")
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/[\u007f-\u009f]/g, (control) => (control === "\u007f" ? "␡" : "\ufffd"))
    .replace(/[\ufffe\uffff]/g, "\ufffd");
  // Encoding replaces what is no character by itself.
  return Buffer.from(visible).toString();
}
