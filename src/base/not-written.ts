/** What is left of `pieces`: writev(2) may write less than it was given. */
export function notWritten<T extends Uint8Array>(pieces: readonly T[], written: number): readonly T[] {
  let done = written;
  for (const [index, piece] of pieces.entries()) {
    if (done < piece.length) return [piece.subarray(done) as T, ...pieces.slice(index + 1)];
    done -= piece.length;
  }
  return [];
}
