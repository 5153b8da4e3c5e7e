import { expect, test } from "vitest";
import { PortAllocator } from "../../../../src/runtime/networks/port-allocator.ts";
import { type PortRequest, portRequests } from "../../../../src/runtime/networks/port-requests.ts";

const wanted = (part: Partial<PortRequest>): PortRequest => ({
  containerPort: 80,
  protocol: "tcp",
  hostAddress: "",
  hostPorts: null,
  ...part,
});
const port = (number: number): { first: number; last: number } => ({ first: number, last: number });

test("what -p and -P ask for comes sorted, published over exposed", () => {
  expect(
    portRequests({
      exposedPorts: ["1000/tcp", "53/udp", "80/tcp"],
      portBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8000-8002" }, { HostPort: "" }] },
      publishAll: true,
    }),
  ).toEqual([
    { containerPort: 53, protocol: "udp", hostAddress: "", hostPorts: null },
    { containerPort: 80, protocol: "tcp", hostAddress: "127.0.0.1", hostPorts: { first: 8000, last: 8002 } },
    { containerPort: 80, protocol: "tcp", hostAddress: "", hostPorts: null },
    { containerPort: 1000, protocol: "tcp", hostAddress: "", hostPorts: null },
  ]);
});

test("what is no port is refused", () => {
  const request = { exposedPorts: [], publishAll: false };
  expect(() => portRequests({ ...request, portBindings: { "80/tcp": [{ HostPort: "99999" }] } })).toThrow("invalid port specification");
  expect(() => portRequests({ ...request, portBindings: { "80/sctp": [{ HostPort: "80" }] } })).toThrow(
    "Unsupported transport protocol: sctp",
  );
});

test("a port on every address clashes with the same port on any", () => {
  const ports = new PortAllocator();
  expect(ports.take(wanted({ hostAddress: "127.0.0.1", hostPorts: port(8002) }))).toBe(8002);
  expect(ports.take(wanted({ hostAddress: "10.0.0.1", hostPorts: port(8002) }))).toBe(8002);
  expect(ports.take(wanted({ protocol: "udp", hostPorts: port(8002) }))).toBe(8002);
  expect(() => ports.take(wanted({ hostPorts: port(8002) }))).toThrow("Bind for 0.0.0.0:8002 failed: port is already allocated");
  ports.release("tcp", "127.0.0.1", 8002);
  ports.release("tcp", "10.0.0.1", 8002);
  expect(ports.take(wanted({ hostPorts: port(8002) }))).toBe(8002);
});

test("a range gives its first free port, and random ports go up", () => {
  const ports = new PortAllocator();
  const range = wanted({ hostPorts: { first: 8000, last: 8001 } });
  expect([ports.take(range), ports.take(range)]).toEqual([8000, 8001]);
  expect(() => ports.take(range)).toThrow("all ports are allocated");
  expect(ports.take(wanted({}))).toBe(32768);
  ports.release("tcp", "", 32768);
  expect(ports.take(wanted({}))).toBe(32769);
});
