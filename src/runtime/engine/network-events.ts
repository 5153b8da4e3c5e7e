import type { LiveContainer } from "../containers/live-container.ts";
import type { EngineContext } from "./context.ts";

/** `network connect` and `network disconnect`, one for each network that the container has now. */
export function emitNetworkEvents(context: EngineContext, { record }: LiveContainer, action: "connect" | "disconnect"): void {
  for (const [name, endpoint] of Object.entries(record.networkSettings.Networks)) {
    const type = name === "host" ? "host" : name === "none" ? "null" : "bridge";
    context.events.emit("network", action, endpoint.NetworkID ?? "", { container: record.id, name, type });
  }
}
