import { type DnsAnswer, type DnsQuestion, dnsType } from "./dns-message.ts";
import { aliasesOf, type Endpoint } from "./endpoint.ts";
import { isUserDefined } from "./network-record.ts";
import { nameOf, type Sandbox } from "./sandbox.ts";

/**
 * Answers a container's question with the containers on the networks it is on, user-defined ones only, by name, alias, short id or
 * hostname, each also followed by `.NETWORK`. Nothing else exists for it: an engine's namespace has no way out.
 */
export function resolveName(question: DnsQuestion, asking: Sandbox, all: Iterable<Sandbox>): DnsAnswer {
  const neighbours = [...all].flatMap((sandbox) =>
    [...sandbox.endpoints.values()]
      .filter(({ network }) => isUserDefined(network) && asking.endpoints.has(network.id))
      .map((endpoint) => ({ sandbox, endpoint })),
  );
  if (question.type === dnsType.ptr) {
    const address = /^(.*)\.in-addr\.arpa$/.exec(question.name)?.[1]?.split(".").toReversed().join(".");
    const found = neighbours.find(({ endpoint }) => endpoint.address === address);
    return found === undefined ? null : [`${nameOf(found.sandbox.request)}.${found.endpoint.network.name}`];
  }
  const wanted = linkTarget(question.name, asking) ?? question.name;
  const found = neighbours.filter(({ sandbox, endpoint }) =>
    namesOf(sandbox, endpoint).some((name) => wanted === name || wanted === `${name}.${endpoint.network.name.toLowerCase()}`),
  );
  if (found.length === 0) return null;
  return question.type === dnsType.a ? [...new Set(found.map(({ endpoint }) => endpoint.address))] : [];
}

function namesOf({ request }: Sandbox, endpoint: Endpoint): readonly string[] {
  return [nameOf(request), ...aliasesOf(request, endpoint.config)].map((name) => name.toLowerCase());
}

/** On a user-defined network `--link target:alias` gives the target one more name, for this container alone. */
function linkTarget(name: string, asking: Sandbox): string | null {
  const links = [...asking.request.links, ...[...asking.endpoints.values()].flatMap(({ config }) => config?.Links ?? [])];
  for (const link of links) {
    const [target = "", alias = target] = link.split(":");
    if (alias.toLowerCase() === name) return target.replace(/^\//, "").toLowerCase();
  }
  return null;
}
