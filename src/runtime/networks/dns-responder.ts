import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { boundSocket } from "../kernel/inet-socket.ts";
import { inNamespaces } from "../kernel/namespaces.ts";
import { decodeQuestion, type DnsAnswer, type DnsQuestion, encodeAnswer } from "./dns-message.ts";

/** Where a container on a user-defined network finds its resolver. */
export const RESOLVER = "127.0.0.11";

/**
 * Docker's embedded resolver: answers at 127.0.0.11:53 in a container's namespace, over UDP and TCP, with what `resolve` says.
 * (Docker listens on a random port behind a NAT rule; this one holds port 53 of that one address.)
 */
export class DnsResponder {
  readonly #udp = createSocket("udp4");
  readonly #tcp = createServer();
  readonly #connections = new Set<Socket>();
  #closed = false;

  /** `forward` is asked what `resolve` knows nothing of; null from both is "no such name". */
  constructor(
    namespaceFd: number,
    resolve: (question: DnsQuestion) => DnsAnswer,
    forward: (message: Buffer) => Promise<Buffer | null> = async () => null,
  ) {
    const answer = async (message: Buffer): Promise<Buffer | null> => {
      const question = decodeQuestion(message);
      if (question === null) return null;
      const known = resolve(question);
      return (known === null ? await forward(message) : null) ?? encodeAnswer(question, known);
    };
    const [udpFd, tcpFd] = inNamespaces({ net: { fd: namespaceFd } }, () => [
      boundSocket("udp", RESOLVER, 53),
      boundSocket("tcp", RESOLVER, 53),
    ]);
    this.#udp.on("message", (message, from) => {
      void answer(message).then((response) => {
        if (response !== null && !this.#closed) this.#udp.send(response, from.port, from.address, () => {});
      });
    });
    this.#udp.on("error", () => {});
    this.#udp.bind({ fd: udpFd });
    this.#tcp.on("connection", (connection) => this.#serve(connection, answer));
    this.#tcp.on("error", () => {});
    this.#tcp.listen({ fd: tcpFd });
  }

  close(): void {
    this.#closed = true;
    this.#udp.close();
    this.#tcp.close();
    for (const connection of this.#connections) connection.destroy();
  }

  /** Over TCP each message has its length before it (RFC 1035 section 4.2.2). */
  #serve(connection: Socket, answer: (message: Buffer) => Promise<Buffer | null>): void {
    let received = Buffer.alloc(0);
    this.#connections.add(connection);
    connection.on("close", () => this.#connections.delete(connection));
    connection.on("error", () => connection.destroy());
    connection.on("data", (data) => {
      received = Buffer.concat([received, data]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        void answer(received.subarray(2, end)).then((response) => {
          if (response === null) return void connection.destroy();
          const length = Buffer.alloc(2);
          length.writeUInt16BE(response.length);
          return connection.write(Buffer.concat([length, response]));
        });
        received = received.subarray(end);
      }
    });
  }
}
