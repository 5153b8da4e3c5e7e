import { InternalError } from "../../base/errors.ts";
import { shortId } from "../../base/ids.ts";
import { DEFAULT_NETWORK } from "./network-record.ts";
import type { NetworkAttachment, NetworkRequest } from "./networks.ts";
import type { Sandbox } from "./sandbox.ts";

/**
 * Lines for /etc/hosts from `--link` on the default bridge; user-defined networks answer such names by DNS.
 * @throws InternalError when a linked container does not run.
 */
export function linkedHosts(request: NetworkRequest, sandboxes: Iterable<Sandbox>): NetworkAttachment["hosts"] {
  if (!["default", DEFAULT_NETWORK].includes(request.mode)) return [];
  const running = [...sandboxes];
  return request.links.map((link) => {
    const [target = "", alias = target] = link.split(":").map((part) => part.replace(/^\//, ""));
    const found = running.find(({ request: other }) => [other.name.replace(/^\//, ""), other.containerId].includes(target));
    const endpoint = [...(found?.endpoints.values() ?? [])].find(({ network }) => network.name === DEFAULT_NETWORK);
    if (found === undefined || endpoint === undefined) {
      throw new InternalError(`Cannot link to a non running container: /${target} AS /${request.name.replace(/^\//, "")}/${alias}`);
    }
    const { containerId, name } = found.request;
    const names = new Set([alias, shortId(containerId), name.replace(/^\//, "")]);
    return { address: endpoint.address, names: [...names] };
  });
}
