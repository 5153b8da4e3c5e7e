import { createSocket, type Socket } from "node:dgram";

/** Something that listens until it is closed. */
export interface Proxy {
  close(): void;
}

/** Where a proxy listens: at an address, or on a socket that is bound already. */
export type ListenAt = { readonly host: string; readonly port: number } | { readonly fd: number };

/** How long a client's silence keeps its way back open, in milliseconds; Docker's proxy waits as long. */
const IDLE = 90_000;

/** Passes datagrams there on to `target()`, from one socket a client, by which answers find back. @throws as bind(2) does. */
export async function proxyUdp(at: ListenAt & { readonly ipv6: boolean }, target: () => { host: string; port: number }): Promise<Proxy> {
  const server = createSocket({ type: at.ipv6 ? "udp6" : "udp4", ipv6Only: at.ipv6 });
  const clients = new Map<string, { readonly socket: Socket; readonly timer: NodeJS.Timeout }>();
  server.on("message", (data, from) => {
    const key = `${from.address} ${from.port}`;
    let client = clients.get(key);
    if (client === undefined) {
      const socket = createSocket("udp4");
      const forget = (): void => {
        if (clients.delete(key)) socket.close();
      };
      socket.on("message", (answer) => server.send(answer, from.port, from.address, ignore));
      socket.on("error", forget);
      client = { socket, timer: setTimeout(forget, IDLE).unref() };
      clients.set(key, client);
    }
    client.timer.refresh();
    const { host: address, port: to } = target();
    client.socket.send(data, to, address, ignore);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.bind("fd" in at ? { fd: at.fd } : { address: at.host, port: at.port, exclusive: true }, () => {
      server.off("error", reject);
      server.on("error", ignore);
      resolve();
    });
  });
  return {
    close: () => {
      server.close();
      for (const { socket, timer } of clients.values()) {
        clearTimeout(timer);
        socket.close();
      }
      clients.clear();
    },
  };
}

/** A datagram may get lost; whoever waits for the answer finds out. */
function ignore(): void {}
