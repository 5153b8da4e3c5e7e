/** The repository and the tag of `host:5000/team/app:1`, the tag empty when there is none. */
export function splitTag(name: string): { repo: string; tag: string } {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? { repo: name.slice(0, colon), tag: name.slice(colon + 1) } : { repo: name, tag: "" };
}
