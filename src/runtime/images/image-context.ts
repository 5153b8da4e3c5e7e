import type { Clock } from "../../base/clock.ts";
import type { Digest } from "../../oci/digest.ts";
import type { UnpackLimits } from "../../oci/tar/unpack-limits.ts";
import type { ContentStore } from "../content/content-store.ts";
import type { Snapshotter } from "../snapshots/snapshotter.ts";
import type { ImageDatabase } from "./image-database.ts";
import type { ImageUsers } from "./images.ts";
import type { KnownBlobs } from "./known-blobs.ts";
import type { RegistryClient } from "./registry-client.ts";
import type { SharedStore } from "./shared-store.ts";

/** `docker events` of images: `name` is what the user called it. */
export interface ImageEvent {
  readonly action: "tag" | "untag" | "delete" | "import" | "load" | "save" | "pull" | "push";
  readonly id: string;
  readonly name: string;
  /** The image's own. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Where layers and configurations are put. */
export interface LayerStores {
  readonly content: ContentStore;
  readonly snapshots: Snapshotter;
  /** How much an archive may become; `defaultUnpackLimits` when not given. */
  readonly limits?: UnpackLimits;
}

/** What every operation on images works with. */
export interface ImageContext extends LayerStores {
  readonly db: ImageDatabase;
  readonly users: ImageUsers;
  readonly shared: SharedStore | null;
  readonly registry: RegistryClient | null;
  readonly known: KnownBlobs;
  readonly clock: Clock;
  readonly emit: (event: ImageEvent) => void;
  /**
   * Waits for the changes before this one, since what one decides about names and layers must still hold when it acts; the result lets the
   * next one go. Nobody waits for a client's bytes meanwhile.
   */
  readonly turn: () => Promise<() => void>;
  /** Blobs that were ingested for images to come: `collect` leaves them. */
  readonly pinned: Set<readonly Digest[]>;
  /** Removes blobs that no image needs any more. */
  readonly collect: (candidates: readonly Digest[]) => Promise<void>;
}
