import { connect, createServer, type Server, type Socket } from "node:net";

/** Something that listens until it is closed. */
export interface Proxy {
  close(): void;
}

/** Passes each connection to `host:port` on to `target()`, both directions closing on their own. @throws as listen(2) does. */
export async function proxyTcp(host: string, port: number, target: () => { host: string; port: number }): Promise<Proxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ ...target(), allowHalfOpen: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      // Nobody listens there, or one side was reset: so is the other.
      socket.on("error", () => other.resetAndDestroy());
      socket.on("close", () => {
        open.delete(socket);
        if (!other.writableEnded) other.destroySoon();
      });
      socket.pipe(other);
    }
  });
  await listening(server, { host, port, ipv6Only: host.includes(":") });
  return {
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function listening(server: Server, options: { host: string; port: number; ipv6Only: boolean }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...options, backlog: 511, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
