import type { LiveContainer } from "../../containers/live-container.ts";
import type { EngineContext } from "../context.ts";

/** `volume mount` and `volume unmount`, one for each volume of the container. */
export function emitVolumeEvents({ events }: EngineContext, { record }: LiveContainer, action: "mount" | "unmount"): void {
  for (const { point } of record.mounts) {
    if (point.Type !== "volume" || point.Name === undefined) continue;
    const common = { container: record.id, driver: point.Driver ?? "local" };
    const how = { destination: point.Destination, propagation: point.Propagation, "read/write": String(point.RW) };
    events.emit("volume", action, point.Name, action === "mount" ? { ...common, ...how } : common);
  }
}
