import { hasErrno, messageOf } from "../../../base/errors.ts";

const connectWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ETIMEDOUT: "i/o timeout",
  ECONNRESET: "read: connection reset by peer",
  EPIPE: "write: broken pipe",
};

const certificateWords: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "signed by unknown authority",
  SELF_SIGNED_CERT_IN_CHAIN: "signed by unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "signed by unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "signed by unknown authority",
  CERT_HAS_EXPIRED: "has expired or is not yet valid",
  CERT_NOT_YET_VALID: "has expired or is not yet valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "is not valid for this name",
};

/** What the other end may say of our certificate, or of its absence (RFC 8446, 6.2), as Go names it. */
const alertWords: Readonly<Record<string, string>> = {
  40: "handshake failure",
  42: "bad certificate",
  43: "unsupported certificate",
  44: "revoked certificate",
  45: "expired certificate",
  46: "unknown certificate",
  48: "unknown certificate authority",
  49: "access denied",
  70: "protocol version not supported",
  116: "certificate required",
};

/** Why there was no answer, in the words that dockerd's clients know: `dial tcp 127.0.0.1:5999: connect: connection refused`. */
export function dialError(error: unknown, { hostname }: URL): string {
  // Of several addresses Go tells of IPv4's.
  const causes: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const cause = causes.find((each) => !addressOf(each).startsWith("[")) ?? causes[0];
  for (const [code, words] of Object.entries(connectWords)) {
    if (!hasErrno(cause, code)) continue;
    return `dial tcp${addressOf(cause) === "" ? "" : ` ${addressOf(cause)}`}: ${words}`;
  }
  if (hasErrno(cause, "ENOTFOUND")) return `dial tcp: lookup ${hostname}: no such host`;
  if (hasErrno(cause, "EAI_AGAIN")) return `dial tcp: lookup ${hostname}: Temporary failure in name resolution`;
  const [, alert = ""] = /SSL alert number (\d+)/.exec(messageOf(cause)) ?? [];
  if (alert !== "") return `remote error: tls: ${alertWords[alert] ?? `alert(${alert})`}`;
  if (hasErrno(cause, "EPROTO")) return "http: server gave HTTP response to HTTPS client";
  for (const [code, words] of Object.entries(certificateWords)) if (hasErrno(cause, code)) return `x509: certificate ${words}`;
  if (/certificate/i.test(messageOf(cause))) return `x509: ${messageOf(cause)}`;
  return messageOf(cause);
}

function addressOf(error: unknown): string {
  const { address, port } = error as { readonly address?: string; readonly port?: number };
  if (address === undefined || port === undefined) return "";
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
