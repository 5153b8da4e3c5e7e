import { readdirSync, readFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { join } from "node:path";
import { rootCertificates, type SecureContextOptions } from "node:tls";
import { hasErrno, InvalidArgumentError } from "../../../base/errors.ts";
import { clientCertificate, type CertificateFile } from "./client-certificates.ts";
import { RefusedError } from "./refused-error.ts";

/** Where Docker Hub's images really are. */
const hubHost = "registry-1.docker.io";

/** The authorities that this machine trusts (Debian's place, as Go programs read it); Node's own list where there are none. */
const systemBundle = "/etc/ssl/certs/ca-certificates.crt";

/** What a connection by TLS is made with. */
export type TlsOptions = Pick<SecureContextOptions, "ca" | "cert" | "key"> & { readonly rejectUnauthorized?: boolean };

export interface RegistryHostsOptions {
  /** `host`, `host:port` or `10.0.0.0/8`: TLS without a look at the certificate, and plain HTTP where there is no TLS. */
  readonly insecure?: readonly string[];
  /** Folders in which `HOST:PORT/` has authorities (`*.crt`) and our own certificate (`*.cert` and `*.key`), as `/etc/docker/certs.d`. */
  readonly certificates?: readonly string[];
}

/** How each registry is reached: by TLS with a certificate that holds, or as the insecure ones, this machine's own among them. */
export class RegistryHosts {
  readonly #names: ReadonlySet<string>;
  readonly #ranges = new BlockList();
  readonly #folders: readonly string[];

  /** @throws InvalidArgumentError for what is neither a host nor a range. */
  constructor({ insecure = [], certificates = [] }: RegistryHostsOptions = {}) {
    const names = new Set<string>();
    for (const text of ["127.0.0.0/8", ...insecure]) {
      const [, address = "", bits = ""] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
      const family = isIP(address);
      if (family !== 0 && Number(bits) <= (family === 4 ? 32 : 128))
        this.#ranges.addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
      else if (/^(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/.test(text)) names.add(text.toLowerCase());
      else
        throw new InvalidArgumentError(
          `invalid insecure registry ${JSON.stringify(text)}: neither HOST, HOST:PORT nor a range of addresses`,
        );
    }
    this.#names = names;
    this.#folders = certificates;
  }

  /** Where to ask for `domain` (`localhost:5000`), in this order, until something answers. */
  origins(domain: string): readonly [URL, ...URL[]] {
    const host = domain === "docker.io" ? hubHost : domain;
    const secure = new URL(`https://${host}/`);
    return this.isInsecure(host) ? [secure, new URL(`http://${host}/`)] : [secure];
  }

  /** Whether `host[:port]` is this machine's own, or named insecure. */
  isInsecure(host: string): boolean {
    const name = host.replace(/:\d+$/, "").toLowerCase();
    if (name === "localhost" || name === "[::1]" || this.#names.has(host.toLowerCase())) return true;
    const address = name.replace(/^\[|\]$/g, "");
    const family = isIP(address);
    return family !== 0 && this.#ranges.check(address, family === 4 ? "ipv4" : "ipv6");
  }

  /** For a connection to `url`, a registry's or where one leads. @throws RefusedError when what its folders have is no certificate and its key. */
  tls({ host }: URL): TlsOptions {
    if (this.isInsecure(host)) return { ca: [], rejectUnauthorized: false };
    const folders = this.#folders.map((folder) => filesIn(join(folder, host)));
    const own = folders.flat().flatMap(({ name, bytes }) => (name.endsWith(".crt") ? bytes : []));
    const system = read(systemBundle);
    const shown = folders.map((files) => clientCertificate(files, own)).find((each) => each !== null);
    return { ca: [...(system ? [system] : rootCertificates), ...own], ...(shown && { cert: shown.cert, key: shown.key }) };
  }
}

/** Parses `SLIPWAY_INSECURE_REGISTRIES`: words with commas between. */
export function parseInsecureRegistries(text: string): readonly string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

function filesIn(folder: string): readonly CertificateFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).toSorted();
  } catch (error) {
    if (hasErrno(error, "ENOENT") || hasErrno(error, "ENOTDIR") || hasErrno(error, "EACCES")) return [];
    throw error;
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    try {
      const bytes = read(path);
      return bytes ? [{ name, bytes }] : [];
    } catch (error) {
      if (hasErrno(error, "EACCES")) throw new RefusedError(`open ${path}: permission denied`, { cause: error });
      throw error;
    }
  });
}

function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (["ENOENT", "EISDIR"].some((code) => hasErrno(error, code))) return null;
    throw error;
  }
}
