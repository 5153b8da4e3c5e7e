import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { RefusedError } from "./refused-error.ts";

export interface CertificateFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What is shown to a registry that asks who we are, in PEM. */
export interface ClientCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * The certificate out of a registry's folder, `NAME.cert` with its `NAME.key`; null when there is none. Of several it is the first that one of
 * `authorities` has signed, else the first: which ones the registry would take is not known before it is asked.
 * @throws RefusedError in dockerd's words (`registry.ReadCertsDirectory`) when one is without the other, or they do not belong together.
 */
export function clientCertificate(files: readonly CertificateFile[], authorities: readonly Buffer[]): ClientCertificate | null {
  const bytesOf = (name: string): Buffer | undefined => files.find((file) => file.name === name)?.bytes;
  const pairs: (ClientCertificate & { readonly parsed: X509Certificate })[] = [];
  for (const { name, bytes } of files) {
    const stem = name.replace(/\.(?:cert|key)$/, "");
    if (name.endsWith(".cert")) {
      const key = bytesOf(`${stem}.key`);
      if (!key) {
        const advice = "Note that CA certificates should use the extension .crt";
        throw new RefusedError(`missing key ${stem}.key for client certificate ${name}. ${advice}`);
      }
      pairs.push({ cert: bytes, key, parsed: checked(bytes, key) });
    } else if (name.endsWith(".key") && !bytesOf(`${stem}.cert`)) {
      throw new RefusedError(`Missing client certificate ${stem}.cert for key ${name}`);
    }
  }
  const known = authorities.flatMap((bytes) => parsedCertificate(bytes) ?? []);
  return pairs.find(({ parsed }) => known.some((authority) => parsed.checkIssued(authority))) ?? pairs[0] ?? null;
}

function checked(cert: Buffer, key: Buffer): X509Certificate {
  const parsed = parsedCertificate(cert);
  if (!parsed) throw new RefusedError("tls: failed to find any PEM data in certificate input");
  let own: KeyObject;
  try {
    own = createPrivateKey(key);
  } catch (error) {
    throw new RefusedError("tls: failed to find any PEM data in key input", { cause: error });
  }
  if (!parsed.checkPrivateKey(own)) throw new RefusedError("tls: private key does not match public key");
  return parsed;
}

function parsedCertificate(bytes: Buffer): X509Certificate | null {
  try {
    return new X509Certificate(bytes);
  } catch {
    return null;
  }
}
