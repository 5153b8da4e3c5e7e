/** The fields of answers whose names are data, so that Go has them in the order of the names however they were given. */
const MAPS: ReadonlySet<string> = new Set(
  [
    "Labels ExposedPorts Volumes PortBindings Ports Tmpfs Sysctls StorageOpt Annotations Networks",
    "Options DriverOpts Containers Attributes EndpointsConfig AuxiliaryAddresses AuxAddress",
  ].flatMap((line) => line.split(" ")),
);

/** For `JSON.stringify`: shows maps as dockerd does, sorted. */
export function mapsInOrder(this: unknown, key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  // A log's options; another `Config` is a container's.
  const isMap = MAPS.has(key) || (key === "Config" && Object.hasOwn(Object(this), "Type"));
  if (!isMap) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
