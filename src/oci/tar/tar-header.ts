/** What a tar entry is; `other` is a kind that nobody unpacks, such as a volume label. */
export type TarType = "file" | "link" | "symlink" | "character-device" | "block-device" | "directory" | "fifo" | "other";

/** One entry's header, with everything its PAX or GNU extensions said already put in. */
export interface TarHeader {
  /** As the archive has it: it may be absolute, or contain `..`. Directories end in no particular way. */
  readonly name: string;
  readonly type: TarType;
  /** Permission bits, with setuid, setgid and sticky: at most 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of the file once unpacked; 0 for anything but a file. */
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
  /** The target of a link or a symlink, else empty. */
  readonly linkName: string;
  readonly devMajor: number;
  readonly devMinor: number;
  /** Extended attributes by their whole name, `user.note`. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
}

/** A header with Docker's usual values for what is not given. */
export function tarHeader(given: Pick<TarHeader, "name"> & Partial<TarHeader>): TarHeader {
  return {
    type: "file",
    mode: given.type === "directory" ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: 0n,
    linkName: "",
    devMajor: 0,
    devMinor: 0,
    xattrs: new Map(),
    ...given,
  };
}

export const tarBlock = 512;

/** Bytes after `size` bytes of content up to the next block. */
export function tarPadding(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}
