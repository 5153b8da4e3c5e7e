/** A file of this prefix in a layer removes the lower file that has the rest of its name (image-spec layer.md#whiteouts). */
export const whiteoutPrefix = ".wh.";

/** A file of this name hides everything that lower layers have in its directory (image-spec layer.md#opaque-whiteout). */
export const opaqueWhiteout = ".wh..wh..opq";

/** Other names that start so are notes of the aufs file system, and no part of a layer. */
export const whiteoutMetaPrefix = ".wh..wh.";
