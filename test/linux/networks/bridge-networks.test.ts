import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import type * as wire from "../../../src/docker/api/types.ts";
import { boundSocket } from "../../../src/runtime/kernel/inet-socket.ts";
import { cFunction } from "../../../src/runtime/kernel/libc.ts";
import { inNamespaces } from "../../../src/runtime/kernel/namespaces.ts";
import { findLink } from "../../../src/runtime/kernel/netlink/links.ts";
import { NetlinkSocket } from "../../../src/runtime/kernel/netlink/socket.ts";
import { BridgeNetworks } from "../../../src/runtime/networks/bridge-networks.ts";
import type { NetworkAttachment, NetworkRequest } from "../../../src/runtime/networks/networks.ts";

const CLONE_NEWNET = 0x40000000;

/** This test's process moves to a network namespace of its own, as an engine is in one; the kernel removes it with the process. */
function enterOwnNetwork(): boolean {
  try {
    cFunction("unshare", "int", ["int"])(CLONE_NEWNET);
    return true;
  } catch {
    return false;
  }
}

const request = (name: string, part: Partial<NetworkRequest> = {}): NetworkRequest => ({
  containerId: Buffer.from(name).toString("hex").padEnd(64, "0"),
  name,
  hostname: "",
  mode: "default",
  endpoints: {},
  exposedPorts: [],
  portBindings: {},
  publishAll: false,
  links: [],
  sysctls: {},
  ...part,
});

/** What a perl program prints in a container's namespace. */
async function perlIn(attachment: NetworkAttachment, program: string, ...args: string[]): Promise<string> {
  const child = inNamespaces({ net: { path: attachment.namespacePath } }, () => spawn("perl", ["-e", program, ...args]));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + err;
}

const FETCH = `use IO::Socket::INET; alarm 10; my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0]) or do { print "no: $!"; exit }; print <$s>`;

/** A server in a container's namespace that tells each client `greeting`. */
function serveIn(attachment: NetworkAttachment, port: number, greeting: string): Server {
  const fd = inNamespaces({ net: { path: attachment.namespacePath } }, () => boundSocket("tcp", "0.0.0.0", port));
  return createServer((socket) => socket.end(greeting)).listen({ fd });
}

async function fetchHere(port: number, host = "127.0.0.1"): Promise<string> {
  return await text(connect({ port, host }));
}

const namespaceOf = (attachment: NetworkAttachment): string =>
  inNamespaces({ net: { path: attachment.namespacePath } }, () => readlinkSync("/proc/thread-self/ns/net"));

const allowed = enterOwnNetwork();

describe.skipIf(!allowed)("networks (skipped where this process may not make a network namespace)", () => {
  let folder: string;
  let networks: BridgeNetworks;
  const servers: Server[] = [];
  const attached = new Set<string>();

  const attach = async (wanted: NetworkRequest): Promise<NetworkAttachment> => {
    attached.add(wanted.containerId);
    return await networks.attach(wanted);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-networks-"));
    networks = await BridgeNetworks.open({ path: join(folder, "networks.json"), clock: systemClock });
  });
  beforeEach(() => attached.clear());
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    for (const id of attached) await networks.detach(id);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("containers get Docker's addresses one after the other, and reach each other over the bridge", async () => {
    const a = await attach(request("a"));
    const b = await attach(request("b"));
    expect(a.settings).toMatchObject({ IPAddress: "172.17.0.2", IPPrefixLen: 16, Gateway: "172.17.0.1", MacAddress: "02:42:ac:11:00:02" });
    expect(b.settings.Networks["bridge"]).toMatchObject({ IPAddress: "172.17.0.3", MacAddress: "02:42:ac:11:00:03" });
    servers.push(serveIn(a, 80, "hello from a"));
    expect(await perlIn(b, FETCH, "172.17.0.2:80")).toBe("hello from a");
  });

  test("a freed address goes to the next container, which is reached at once", async () => {
    for (const name of ["one", "two", "three"]) {
      const container = await networks.attach(request(name));
      expect(container.settings.IPAddress).toBe("172.17.0.2");
      const server = serveIn(container, 80, name);
      expect(await fetchHere(80, "172.17.0.2")).toBe(name);
      server.close();
      await networks.detach(request(name).containerId);
    }
  });

  test("ten namespaces are ten, each with its own loopback", async () => {
    const names = Array.from({ length: 10 }, (_, index) => `c${index}`);
    const all = await Promise.all(names.map((name) => attach(request(name))));
    expect(new Set(all.map(namespaceOf)).size).toBe(10);
    servers.push(...all.map((one, index) => serveIn(one, 8080, `c${index}`)));
    expect(await Promise.all(all.map((one) => perlIn(one, FETCH, "127.0.0.1:8080")))).toEqual(names);
  });

  test("a published port answers in the engine's namespace, and is refused to a second container", async () => {
    const web = await attach(request("web", { portBindings: { "80/tcp": [{ HostIp: "", HostPort: "8002" }] }, exposedPorts: ["90/tcp"] }));
    expect(web.settings.Ports).toEqual({
      "80/tcp": [
        { HostIp: "0.0.0.0", HostPort: "8002" },
        { HostIp: "::", HostPort: "8002" },
      ],
      "90/tcp": null,
    });
    servers.push(serveIn(web, 80, "index"));
    expect(await fetchHere(8002)).toBe("index");
    expect(await fetchHere(8002, "::1")).toBe("index");
    const second = request("web2", { portBindings: { "80/tcp": [{ HostIp: "", HostPort: "8002" }] } });
    await expect(networks.attach(second)).rejects.toThrow(
      /^driver failed programming external connectivity on endpoint web2 \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:8002 failed: port is already allocated$/,
    );
    await networks.detach(request("web").containerId);
    expect((await attach(second)).settings.Ports["80/tcp"]).toHaveLength(2);
  });

  test("a port that somebody else listens on is named as Docker names it", async () => {
    const other = createServer().listen(0);
    servers.push(other);
    const { port } = other.address() as { port: number };
    await expect(attach(request("busy", { portBindings: { "80/tcp": [{ HostPort: String(port) }] } }))).rejects.toThrow(
      `Error starting userland proxy: listen tcp4 0.0.0.0:${port}: bind: address already in use`,
    );
  });

  test("-P publishes what is exposed on random ports, and udp goes both ways", async () => {
    const dns = await attach(request("dns", { exposedPorts: ["53/udp", "80/tcp"], publishAll: true }));
    const udp = Number(dns.settings.Ports["53/udp"]?.[0]?.HostPort);
    expect(udp).toBeGreaterThanOrEqual(32768);
    expect(Number(dns.settings.Ports["80/tcp"]?.[0]?.HostPort)).toBeGreaterThan(udp);
    const echo = perlIn(
      dns,
      `$| = 1; use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 53, Proto => "udp") or die $!; my $m; alarm 10; $s->recv($m, 99); $s->send("echo $m")`,
    );
    const ask = `use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:${udp}", Proto => "udp"); for (1..50) { $s->send("hi"); my $r = ""; vec($r, fileno($s), 1) = 1; if (select($r, undef, undef, 0.1)) { my $m = ""; if (defined $s->recv($m, 99) && length $m) { print $m; exit } } }`;
    const child = spawn("perl", ["-e", ask]);
    expect(await text(child.stdout)).toBe("echo hi");
    await echo;
  });

  test("none has loopback only, host is the engine's own namespace, container:ID is another's", async () => {
    const none = await attach(request("alone", { mode: "none" }));
    inNamespaces({ net: { path: none.namespacePath } }, () => {
      using netlink = new NetlinkSocket();
      expect(findLink(netlink, "lo")).toMatchObject({ up: true });
      expect(findLink(netlink, "eth0")).toBeNull();
    });
    const host = await attach(request("here", { mode: "host" }));
    expect(namespaceOf(host)).toBe(readlinkSync("/proc/self/ns/net"));
    const shared = await attach(request("guest", { mode: `container:${request("alone").containerId}` }));
    expect(namespaceOf(shared)).toBe(namespaceOf(none));
    expect(shared.settings.Networks).toEqual({});
  });

  test("what a container cannot reach it is told at once", async () => {
    const a = await attach(request("a"));
    expect(await perlIn(a, FETCH, "192.0.2.1:80")).toMatch(/^no: (Network is unreachable|No route to host)/);
  });

  describe("user-defined networks", () => {
    /** One A question to the resolver, as the C library would send it. */
    const ASK = `use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.11:53", Proto => $ARGV[1]) or die $!;
      my $q = pack("nnnnnn", 7, 0x100, 1, 0, 0, 0) . join("", map { chr(length) . $_ } split /\\./, $ARGV[0]) . pack("Cnn", 0, 1, 1);
      alarm 10; my $r; if ($ARGV[1] eq "udp") { $s->send($q); $s->recv($r, 999) } else { print $s pack("n", length $q) . $q; $s->flush; read $s, $r, 2; read $s, $r, unpack "n", $r }
      my ($id, $flags, $qd, $an) = unpack "nnnn", $r; print "rcode ", $flags & 15, " answers $an"; print " ", join ".", unpack "C4", substr $r, -4 if $an;`;

    test("containers find each other by name and alias, and nobody else", async () => {
      await networks.create({ Name: "front" });
      await attach(request("db", { mode: "front", endpoints: { front: { Aliases: ["store"] } } }));
      const web = await attach(request("web", { mode: "front" }));
      await attach(request("outsider"));
      expect(web.nameservers).toEqual(["127.0.0.11"]);
      expect(web.settings.Networks["front"]).toMatchObject({ IPAddress: "172.18.0.3", Gateway: "172.18.0.1", Aliases: ["776562000000"] });
      expect(await perlIn(web, ASK, "db", "udp")).toBe("rcode 0 answers 1 172.18.0.2");
      expect(await perlIn(web, ASK, "STORE", "tcp")).toBe("rcode 0 answers 1 172.18.0.2");
      expect(await perlIn(web, ASK, "db.front", "udp")).toBe("rcode 0 answers 1 172.18.0.2");
      expect(await perlIn(web, ASK, "outsider", "udp")).toBe("rcode 3 answers 0");
      networks.rename(request("db").containerId, "sql");
      expect(await perlIn(web, ASK, "sql", "udp")).toBe("rcode 0 answers 1 172.18.0.2");
      await expect(networks.remove("front")).rejects.toThrow(
        /^error while removing network: network front id [0-9a-f]{64} has active endpoints$/,
      );
      await Promise.all(["db", "web"].map((name) => networks.detach(request(name).containerId)));
      await networks.remove("front");
    });

    test("containers on different networks do not reach each other, until one is connected", async () => {
      await networks.create({ Name: "left", IPAM: { Config: [{ Subnet: "10.9.0.0/24" }] } });
      await networks.create({ Name: "right", IPAM: { Config: [{ Subnet: "10.9.1.0/24" }] } });
      const a = await attach(request("a", { mode: "left" }));
      const b = await attach(request("b", { mode: "right" }));
      servers.push(serveIn(b, 80, "b"));
      expect(await perlIn(a, FETCH, "10.9.1.2:80")).toMatch(/^no: /);
      const settings = await networks.connect("right", request("a", { mode: "left" }), true, { IPAMConfig: { IPv4Address: "10.9.1.77" } });
      expect(settings.Networks["right"]).toMatchObject({ IPAddress: "10.9.1.77", MacAddress: "02:42:0a:09:01:4d" });
      expect(await perlIn(a, FETCH, "10.9.1.2:80")).toBe("b");
      expect((await networks.inspect("right")).Containers[request("a").containerId]).toMatchObject({ IPv4Address: "10.9.1.77/24" });
      const after = await networks.disconnect("right", request("a", { mode: "left" }), true);
      expect(Object.keys(after.Networks)).toEqual(["left"]);
      expect(await perlIn(a, FETCH, "10.9.1.2:80")).toMatch(/^no: /);
    });
  });

  test("hundreds of ports are published at once, and more than there may be sockets for are refused before the first", async () => {
    const range = (count: number): wire.PortMap =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index + 1}/tcp`, [{ HostPort: String(40_000 + index) }]]));
    const limit = (most: string): unknown => spawnSync("prlimit", ["--pid", String(process.pid), `--nofile=${most}:`]);
    const [, before = ""] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    limit("3000");
    try {
      await expect(attach(request("greedy", { portBindings: range(2000) }))).rejects.toThrow(
        /external connectivity on endpoint greedy .*: 2000 ports need 4000 sockets, of which this engine may have \d+ more: too many open files$/,
      );
      const many = await attach(request("many", { portBindings: range(600) }));
      expect(Object.keys(many.settings.Ports ?? {})).toHaveLength(600);
      servers.push(serveIn(many, 600, "the last"));
      expect(await fetchHere(40_599)).toBe("the last");
    } finally {
      limit(before);
    }
  });

  test("after detach nothing is left but the bridges", async () => {
    const one = await networks.attach(request("gone"));
    await networks.detach(request("gone").containerId);
    expect(() => namespaceOf(one)).toThrow("ENOENT");
    const idle: wire.NetworkSettings = networks.idleSettings(request("gone"));
    expect(idle).toMatchObject({ IPAddress: "", SandboxID: one.settings.SandboxID, Ports: {} });
    expect((await networks.inspect("bridge")).Containers).toEqual({});
    await expect.poll(() => readFileSync("/proc/thread-self/net/dev", "utf8")).not.toContain("veth");
  });

  test("a network that was made ahead is given to the next container, with the addresses that it asks for", async () => {
    const links = (): number => readFileSync("/proc/thread-self/net/dev", "utf8").split("\n").length;
    networks.warm();
    const before = links();
    await expect.poll(links).toBe(before + 1);
    const mac = "02:42:ac:11:00:63";
    const container = await attach(request("a", { endpoints: { bridge: { MacAddress: mac } } }));
    // None was made for it: what is there is what was.
    expect(links()).toBe(before + 1);
    expect(container.settings).toMatchObject({ IPAddress: "172.17.0.2", MacAddress: mac });
    const found = inNamespaces({ net: { path: container.namespacePath } }, () => {
      using netlink = new NetlinkSocket();
      return findLink(netlink, "eth0");
    });
    expect(found?.mac).toBe(mac);
    servers.push(serveIn(container, 80, "hello"));
    expect(await fetchHere(80, "172.17.0.2")).toBe("hello");
  });
});
