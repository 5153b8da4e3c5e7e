/** The 12 digits that people are shown of an id, without its `sha256:`. */
export function truncateId(id: string): string {
  return id.replace(/^\w+:/, "").slice(0, 12);
}
