import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { boundSocket } from "../kernel/inet-socket.ts";
import { inNamespaces } from "../kernel/namespaces.ts";
import { decodeQuestion, type DnsAnswer, dnsFailure, type DnsQuestion, encodeAnswer, encodeFailure, truncated } from "./dns-message.ts";

/** Where a container on a user-defined network finds its resolver. */
export const RESOLVER = "127.0.0.11";

/** What one container may take of the engine: each of these holds a descriptor. Docker forwards 1024 questions at once. */
export const dnsLimits = { connections: 64, forwarded: 128, idleMilliseconds: 10_000 } as const;

/**
 * Docker's embedded resolver: answers at 127.0.0.11:53 in a container's namespace, over UDP and TCP, with what `resolve` says.
 * (Docker listens on a random port behind a NAT rule; this one holds port 53 of that one address.)
 */
export class DnsResponder {
  readonly #udp = createSocket("udp4");
  readonly #tcp = createServer();
  readonly #connections = new Set<Socket>();
  readonly #resolve: (question: DnsQuestion) => DnsAnswer;
  readonly #forward: ((message: Buffer) => Promise<Buffer | null>) | null;
  #forwarded = 0;
  #closed = false;

  /** `forward` is asked what `resolve` knows nothing of; without it there is no such name. */
  constructor(
    namespaceFd: number,
    resolve: (question: DnsQuestion) => DnsAnswer,
    forward: ((message: Buffer) => Promise<Buffer | null>) | null = null,
  ) {
    this.#resolve = resolve;
    this.#forward = forward;
    const [udpFd, tcpFd] = inNamespaces({ net: { fd: namespaceFd } }, () => [
      boundSocket("udp", RESOLVER, 53),
      boundSocket("tcp", RESOLVER, 53),
    ]);
    this.#udp.on("message", (message, from) => {
      void this.#answer(message, "udp").then((response) => {
        if (response !== null && !this.#closed) this.#udp.send(response, from.port, from.address, () => {});
      });
    });
    this.#udp.on("error", () => {});
    this.#udp.bind({ fd: udpFd });
    this.#tcp.maxConnections = dnsLimits.connections;
    this.#tcp.on("connection", (connection) => this.#serve(connection));
    this.#tcp.on("error", () => {});
    this.#tcp.listen({ fd: tcpFd });
  }

  close(): void {
    this.#closed = true;
    this.#udp.close();
    this.#tcp.close();
    for (const connection of this.#connections) connection.destroy();
  }

  /** null for what is no query at all. */
  async #answer(message: Buffer, over: "udp" | "tcp"): Promise<Buffer | null> {
    const question = decodeQuestion(message);
    if (question === null) {
      const isQuery = message.length > 2 && ((message[2] ?? 0) & 0x78) === 0;
      return encodeFailure(message, isQuery ? dnsFailure.format : dnsFailure.notImplemented);
    }
    const known = this.#resolve(question);
    const fits = (answer: Buffer): Buffer => (over === "udp" ? truncated(question, answer, question.udpSize) : answer);
    if (known !== null || this.#forward === null) return fits(encodeAnswer(question, known));
    if (this.#forwarded >= dnsLimits.forwarded) return encodeFailure(message, dnsFailure.server);
    this.#forwarded++;
    try {
      const answer = await this.#forward(message);
      return answer === null ? encodeFailure(message, dnsFailure.server) : fits(answer);
    } finally {
      this.#forwarded--;
    }
  }

  /** Over TCP each message has its length before it (RFC 1035 section 4.2.2). One is answered after the other, and none is read before its answer is taken. */
  #serve(connection: Socket): void {
    this.#connections.add(connection);
    connection.on("close", () => this.#connections.delete(connection));
    connection.setTimeout(dnsLimits.idleMilliseconds, () => connection.destroy());
    const answers = async function* (this: DnsResponder, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      let received = Buffer.alloc(0);
      for await (const data of source) {
        received = Buffer.concat([received, data]);
        while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
          const end = 2 + received.readUInt16BE(0);
          const response = await this.#answer(received.subarray(2, end), "tcp");
          if (response === null) return;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(response.length);
          yield Buffer.concat([length, response]);
          received = received.subarray(end);
        }
      }
    };
    pipeline(connection, answers.bind(this), connection, () => connection.destroy());
  }
}
