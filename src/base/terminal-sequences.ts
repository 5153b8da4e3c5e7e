/**
 * Sequences of a terminal (ECMA-48, 5.4 and 5.6): CSI with its parameters, OSC and the other strings with their terminator, an escape with what it
 * introduces. Two parts of none can take the same character, so that the time grows with the text alone; that of Node's
 * `stripVTControlCharacters` grows with its square: an escape and 40 KB of `?;` took seven seconds.
 */
// eslint-disable-next-line no-control-regex
const SEQUENCES =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]*(?:\x07|\x1b\\|\x9c)|\x1b[PX^_][^\x1b\x9c]*(?:\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g;

/** The text that a terminal would be given to show, without the sequences that tell it how. */
export function withoutTerminalSequences(text: string): string {
  return text.replaceAll(SEQUENCES, "");
}
