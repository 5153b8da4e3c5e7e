import type { Readable } from "node:stream";
import type { ChainId } from "../../oci/digest.ts";

/** Names an active snapshot: a container's id, or a random id while a layer is unpacked. */
export type SnapshotKey = string;

/** One mount(2) to come. */
export interface Mount {
  readonly type: string;
  readonly source: string;
  /** As mount(8): `ro`, `lowerdir=…`. */
  readonly options: readonly string[];
}

/** What changed in an active snapshot against its parent, in Docker's order: sorted by path. */
export interface Change {
  /** Absolute in the rootfs. */
  readonly path: string;
  readonly kind: "changed" | "added" | "deleted";
}

/**
 * Keeps the file systems of layers and containers. An *active* snapshot has a `key` and is written to; a *committed* one has the `ChainId`
 * of its layer and never changes again. Each has a parent, committed, or none. The life of one: prepare → (write) → commit, or → remove.
 */
export interface Snapshotter {
  /** Makes an active snapshot on `parent`. */
  prepare(key: SnapshotKey, parent: ChainId | null): Promise<void>;
  /**
   * Unpacks a layer's uncompressed tar into the active snapshot, with its whiteouts.
   * @throws InvalidArgumentError when it is no tar, or would write outside.
   */
  apply(key: SnapshotKey, layer: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * The active snapshot's changes as an uncompressed layer tar, whiteouts included; the same changes always give the same bytes.
   * `newest`, in seconds since the epoch, is what later times become.
   */
  diff(key: SnapshotKey, options?: { readonly newest: number | null }): Promise<Readable>;
  /**
   * How to mount the active snapshot, writable. The caller mounts. Below the container's own changes, but no part of them, lie the empty
   * mount points that Docker gives every container: /.dockerenv, /dev/{console,pts,shm}, /etc/{hosts,hostname,mtab,resolv.conf}, /proc, /sys.
   */
  mounts(key: SnapshotKey): Promise<readonly Mount[]>;
  /** All that the active snapshot's mount shows, as an uncompressed tar; it need not be mounted. */
  contents(key: SnapshotKey): Promise<Readable>;
  /** How to mount a committed snapshot, read-only. */
  view(name: ChainId): Promise<readonly Mount[]>;
  /** Turns the active snapshot into the committed one; its content must be that of the layer. When `name` is there already, drops `key`. */
  commit(name: ChainId, key: SnapshotKey): Promise<void>;
  has(name: ChainId): Promise<boolean>;
  /** The active snapshot's own changes, as `docker diff` sees them: by content, not by what was copied up. */
  changes(key: SnapshotKey): Promise<readonly Change[]>;
  /** Bytes of regular files in the snapshot alone, without its parents. */
  usage(key: SnapshotKey | ChainId): Promise<number>;
  /** Removes a snapshot; nothing when it is not there. @throws ConflictError while another has it as parent. */
  remove(key: SnapshotKey | ChainId): Promise<void>;
}
