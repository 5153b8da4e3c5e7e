import { InternalError } from "../../base/errors.ts";

const MTU = "com.docker.network.driver.mtu";
const ICC = "com.docker.network.bridge.enable_icc";
const MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
export const DEFAULT_MTU = 1500;
/** What the kernel takes for an interface with IPv4. */
const [SMALLEST, LARGEST] = [68, 65_535];

/** How a bridge is made. */
export interface BridgeOptions {
  readonly mtu: number;
  /** Its containers reach the gateway and not each other. */
  readonly isolated: boolean;
}

/** Reads what of a network's options has an effect here. @throws in Docker's words for values that it refuses. */
export function bridgeOptions(options: Readonly<Record<string, string>>): BridgeOptions {
  boolean(options, MASQUERADE);
  return { mtu: mtuOf(options[MTU]), isolated: !boolean(options, ICC) };
}

function mtuOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MTU;
  if (!/^[+-]?\d+$/.test(text)) {
    throw new InternalError(`failed to parse ${MTU} value: ${text} (strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax)`);
  }
  const mtu = Number(text);
  if (mtu < 0) throw new InternalError(`invalid MTU number: ${mtu}`);
  return mtu === 0 ? DEFAULT_MTU : mtu;
}

/** Whether it is true, as when it is not given. */
function boolean(options: Readonly<Record<string, string>>, name: string): boolean {
  const text = options[name] ?? "true";
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new InternalError(`failed to parse ${name} value: ${text} (strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax)`);
}

/** Whether an interface can have it. */
export function isPossible(mtu: number): boolean {
  return mtu >= SMALLEST && mtu <= LARGEST;
}

/** Refuses, when a container is to be on it, what Docker finds out only then. @throws InternalError in Docker's words. */
export function checkMtu({ mtu }: BridgeOptions, names: { readonly container: string; readonly network: string }): void {
  if (isPossible(mtu)) return;
  throw new InternalError(
    `failed to create endpoint ${names.container} on network ${names.network}: failed to set MTU on host interface: invalid argument`,
  );
}

/** The options that are kept and do nothing here, other than what Docker does by default anyway. */
export function idleOptions(options: Readonly<Record<string, string>>): readonly string[] {
  const heeded = [MTU, ICC, "com.docker.network.bridge.name", "com.docker.network.bridge.default_bridge"];
  return Object.keys(options).filter(
    (name) => name.startsWith("com.docker.network.") && !heeded.includes(name) && !(name === MASQUERADE && boolean(options, name)),
  );
}
