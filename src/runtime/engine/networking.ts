import { appendFile, writeFile } from "node:fs/promises";
import type { EndpointSettings } from "../../docker/api/types.ts";
import { isAlive } from "../containers/state.ts";
import { setState, type EngineContext } from "./context.ts";
import { etcFiles, resolvConfText } from "./files/etc-files.ts";
import { networkRequest } from "./endpoints/network-request.ts";

/** `docker network connect`. */
export async function connectNetwork(
  context: EngineContext,
  ref: string,
  containerRef: string,
  endpoint: EndpointSettings | null,
): Promise<void> {
  const container = context.registry.get(containerRef);
  await container.serial.run(async () => {
    const network = await context.networks.inspect(ref);
    const running = isAlive(container.state);
    const networkSettings = await context.networks.connect(ref, networkRequest(context, container.record), running, endpoint);
    // The network of its mode, which it may have had without saying so, is one of its endpoints from now on.
    const endpoints = Object.fromEntries(
      Object.keys(networkSettings.Networks).map((name) => [
        name,
        name === network.Name ? (endpoint ?? {}) : (container.record.endpoints[name] ?? {}),
      ]),
    );
    await setState(context, container, { networkSettings, endpoints }, { durable: true });
    if (!running) return;
    const address = networkSettings.Networks[network.Name]?.IPAddress ?? "";
    const files = etcFiles(context.store.folder(container.id));
    // On its first user-defined network a container gets a resolver.
    const attachment = context.networks.attachment(container.id);
    if (attachment !== null) await writeFile(files.resolvConf, resolvConfText(container.record.hostConfig, attachment));
    if (address !== "") await appendFile(files.hosts, `${address}\t${container.record.config.Hostname ?? ""}\n`);
    context.events.emit("network", "connect", network.Id, { container: container.id, name: network.Name, type: network.Driver });
  });
}

/** `docker network disconnect`. */
export async function disconnectNetwork(context: EngineContext, ref: string, containerRef: string): Promise<void> {
  const container = context.registry.get(containerRef);
  await container.serial.run(async () => {
    const network = await context.networks.inspect(ref);
    const running = isAlive(container.state);
    const networkSettings = await context.networks.disconnect(ref, networkRequest(context, container.record), running);
    const endpoints = Object.fromEntries(
      Object.keys(networkSettings.Networks).map((name) => [name, container.record.endpoints[name] ?? {}]),
    );
    await setState(context, container, { networkSettings, endpoints }, { durable: true });
    if (running)
      context.events.emit("network", "disconnect", network.Id, { container: container.id, name: network.Name, type: network.Driver });
  });
}
