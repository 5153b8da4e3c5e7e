/** GOARCH's names, which images use, for Node's. */
const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", mipsel: "mipsle", ppc64: "ppc64le" };

/** This machine's architecture as an image's configuration has it: `amd64`. */
export function hostArchitecture(): string {
  return names[process.arch] ?? process.arch;
}
