/** Docker Hub's key in `config.json`. */
const HUB = "https://index.docker.io/v1/";

/** The key that a registry's login has in `config.json`: its host, or Docker Hub's old address. */
export function registryKey(server: string | undefined): string {
  const host = (server ?? "")
    .replace(/^https?:\/\//, "")
    .split("/", 1)
    .join("");
  return host === "" || host === "docker.io" || host === "index.docker.io" ? HUB : host;
}
