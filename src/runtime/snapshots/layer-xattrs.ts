/** Where a file's owner is kept when its id cannot be: `uid:gid`. */
export const ownerXattr = "user.slipway.owner";

/** Where the kind of a device is kept that could not be made: `c 1:3` at an empty file of its name. */
export const deviceXattr = "user.slipway.device";

/** Attributes that are the file system's notes or ours, and never part of a layer. */
export function isPrivateXattr(name: string): boolean {
  return name.startsWith("user.overlay.") || name.startsWith("trusted.") || name.startsWith("user.slipway.");
}

/** Attributes that Docker puts into a tar: a file's capabilities, and those of users. */
export function isPortableXattr(name: string): boolean {
  return name === "security.capability" || (name.startsWith("user.") && !isPrivateXattr(name));
}
