import { appendFile } from "node:fs/promises";
import type { EndpointSettings } from "../../docker/api/types.ts";
import { isAlive } from "../containers/state.ts";
import { setState, type EngineContext } from "./context.ts";
import { etcFiles } from "./etc-files.ts";
import { networkRequest } from "./network-request.ts";

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
    const endpoints = { ...container.record.endpoints, [network.Name]: endpoint ?? {} };
    await setState(context, container, { networkSettings, endpoints }, { durable: true });
    if (!running) return;
    const address = networkSettings.Networks[network.Name]?.IPAddress ?? "";
    const hosts = etcFiles(context.store.folder(container.id)).hosts;
    if (address !== "") await appendFile(hosts, `${address}\t${container.record.config.Hostname ?? ""}\n`);
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
      Object.entries(container.record.endpoints).filter(([name]) => name !== network.Name && name !== ref),
    );
    await setState(context, container, { networkSettings, endpoints }, { durable: true });
    if (running)
      context.events.emit("network", "disconnect", network.Id, { container: container.id, name: network.Name, type: network.Driver });
  });
}
