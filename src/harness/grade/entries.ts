/** Something that was handed in, in a folder or an archive; nothing of it is believed yet. */
export interface SubmittedEntry {
  /** Relative, with `/`, as it is written there. */
  readonly path: string;
  readonly type: "file" | "link" | "other";
  /** Permission bits. */
  readonly mode: number;
  readonly modifiedAt: Date | null;
  /** All of its bytes; null when there are more than `limit`. To be called before the next entry is asked for. */
  readonly read: (limit: number) => Promise<Uint8Array | null>;
}

/** Where a student's work is: listed anew at each call. */
export type SubmissionSource = () => AsyncIterable<SubmittedEntry>;
