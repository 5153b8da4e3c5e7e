import { createSocket, type Socket } from "node:dgram";
import { closeSync, openSync } from "node:fs";
import { connect, type Socket as Connection } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cFunction } from "../../../src/runtime/kernel/libc.ts";
import { findLink, setUp } from "../../../src/runtime/kernel/netlink/links.ts";
import { NetlinkSocket } from "../../../src/runtime/kernel/netlink/socket.ts";
import { dnsLimits, DnsResponder } from "../../../src/runtime/networks/dns-responder.ts";

const unshare = cFunction("unshare", "int", ["int"]);
const CLONE_NEWNET = 0x40000000;

/** This test's process moves to a network namespace of its own, with nothing but a loopback, and returns a descriptor of it. */
function enterNewNetwork(): number {
  unshare(CLONE_NEWNET);
  using netlink = new NetlinkSocket();
  netlink.request("lo", setUp(findLink(netlink, "lo")?.index ?? 0));
  return openSync("/proc/thread-self/ns/net", "r");
}

function mayMakeNetworks(): boolean {
  try {
    closeSync(enterNewNetwork());
    return true;
  } catch {
    return false;
  }
}

/** A query as a resolver sends it. */
function query(name: string, id = 0x1234, type = 1): Buffer {
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  return Buffer.concat([Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

const framed = (message: Buffer): Buffer => Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message]);
const codeOf = (answer: Buffer): number => answer.readUInt16BE(2) & 0xf;

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 8;
  }
}

describe.skipIf(!mayMakeNetworks())("the resolver of a container (skipped where this process may not make a network namespace)", () => {
  let namespaceFd: number;
  let responder: DnsResponder;
  let forwarded: ((answer: Buffer | null) => void)[];
  let hasWayOut: boolean;
  const open: (() => void)[] = [];

  const start = (): void => {
    responder = new DnsResponder(
      namespaceFd,
      ({ name }) => (name === "web" ? ["10.1.1.1"] : name === "many" ? Array.from({ length: 100 }, (_, index) => `10.1.2.${index}`) : null),
      hasWayOut ? async () => await new Promise((resolve) => forwarded.push(resolve)) : null,
    );
  };
  beforeEach(() => {
    forwarded = [];
    hasWayOut = false;
    namespaceFd = enterNewNetwork();
  });
  afterEach(() => {
    responder.close();
    for (const close of open.splice(0)) close();
    closeSync(namespaceFd);
  });

  const udpClient = (): Socket => {
    const socket = createSocket("udp4");
    open.push(() => socket.close());
    return socket;
  };
  const send = (client: Socket, message: Buffer): void => client.send(message, 53, "127.0.0.11");
  const ask = async (client: Socket, message: Buffer): Promise<Buffer> => {
    send(client, message);
    for (;;) {
      const [answer] = (await once(client, "message")) as [Buffer];
      if (answer.readUInt16BE(0) === message.readUInt16BE(0)) return answer;
    }
  };
  const tcpClient = (): Connection => {
    const connection = connect(53, "127.0.0.11");
    connection.on("error", () => {});
    open.push(() => connection.destroy());
    return connection;
  };
  const answered = async (connection: Connection): Promise<Buffer> => {
    let received = Buffer.alloc(0);
    while (received.length < 2 || received.length < 2 + received.readUInt16BE(0))
      received = Buffer.concat([received, ((await once(connection, "data")) as [Buffer])[0]]);
    return received.subarray(2);
  };
  const askTcp = (connection: Connection, message: Buffer): Promise<Buffer> => {
    connection.write(framed(message));
    return answered(connection);
  };

  test("broken, cut off, looping and huge packets are answered or not, and the next question is", async () => {
    start();
    const client = udpClient();
    const random = numbers(7);
    const next = (below: number): number => random.next().value % below;
    const good = [query("web"), query("nosuch.example"), query("1.1.1.10.in-addr.arpa", 1, 12)];
    for (let round = 0; round < 40; round++) {
      for (let each = 0; each < 50; each++) {
        const packet = Buffer.from(
          each % 5 === 0 ? Array.from({ length: next(600) }, () => next(256)) : (good[next(3)] ?? Buffer.alloc(0)),
        );
        for (let change = next(4); change > 0 && packet.length > 0; change--) packet[next(packet.length)] = next(256);
        // Of the id that is asked for below nothing else may answer.
        if (packet.length > 1) packet.writeUInt16BE(1, 0);
        send(client, packet.subarray(0, each % 3 === 0 ? next(packet.length + 1) : packet.length));
      }
      expect((await ask(client, query("web", 2))).subarray(-4)).toEqual(Buffer.from([10, 1, 1, 1]));
    }
    const header = [0, 3, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for (const [code, packet] of [
      [1, Buffer.from([...header, 0xc0, 12, 0, 1, 0, 1])],
      [1, Buffer.from([...header, 3, 119, 101])],
      [1, query(Array.from({ length: 10 }, () => "x".repeat(60)).join("."), 3)],
      [1, Buffer.from([0, 3, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, ...query("web").subarray(12), ...query("web").subarray(12)])],
      [4, Buffer.from([0, 3, 0x28, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...query("web").subarray(12)])],
    ] as const) {
      expect(codeOf(await ask(client, packet))).toBe(code);
    }
  });

  test("what is too long for a packet is told so, and had over TCP, in pieces and one after the other", async () => {
    start();
    const client = udpClient();
    const cut = await ask(client, query("many"));
    expect([cut.length, cut.readUInt16BE(2) & 0x0200, cut.readUInt16BE(6)]).toEqual([22, 0x0200, 0]);
    const opt = Buffer.from([0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0]);
    const larger = Buffer.concat([query("many"), opt]);
    larger.writeUInt16BE(1, 10);
    expect((await ask(client, larger)).readUInt16BE(6)).toBe(100);
    const connection = tcpClient();
    expect((await askTcp(connection, query("many"))).readUInt16BE(6)).toBe(100);
    const message = framed(query("web"));
    for (const byte of message) connection.write(Buffer.from([byte]));
    expect((await answered(connection)).subarray(-4)).toEqual(Buffer.from([10, 1, 1, 1]));
    // No query: nobody answers.
    connection.write(framed(Buffer.alloc(3)));
    await once(connection, "close");
  });

  test("a container that opens connections and asks for others' names without end takes what it may, and others are answered", async () => {
    hasWayOut = true;
    start();
    const connections = Array.from({ length: dnsLimits.connections * 3 }, tcpClient);
    const ends = connections.slice(dnsLimits.connections).map((each) => once(each, "close"));
    await Promise.all(ends);
    expect(connections.filter(({ destroyed }) => !destroyed)).toHaveLength(dnsLimits.connections);
    // It has asked much and reads nothing: it is read no further, and nothing is kept for it.
    const [greedy = tcpClient(), polite = tcpClient()] = connections;
    greedy.pause();
    const question = framed(query("many"));
    greedy.write(Buffer.alloc(question.length * 1_000_000, question));

    const client = udpClient();
    const answers: Buffer[] = [];
    client.on("message", (answer) => answers.push(answer));
    for (let id = 0; id < dnsLimits.forwarded + 10; id++) send(client, query("elsewhere.example", 100 + id));
    await expect.poll(() => answers.map(codeOf)).toEqual(Array.from({ length: 10 }, () => 2));
    expect(forwarded).toHaveLength(dnsLimits.forwarded);
    expect((await ask(client, query("web", 9))).subarray(-4)).toEqual(Buffer.from([10, 1, 1, 1]));
    expect((await askTcp(polite, query("web"))).subarray(-4)).toEqual(Buffer.from([10, 1, 1, 1]));
    expect(greedy.writableLength).toBeGreaterThan(0);
    // Those that got no answer in time make place for others.
    answers.length = 0;
    forwarded.splice(0).forEach((end) => end(null));
    await expect.poll(() => answers.length).toBe(dnsLimits.forwarded);
    send(client, query("elsewhere.example", 10));
    await expect.poll(() => forwarded.length).toBe(1);
  });
});
