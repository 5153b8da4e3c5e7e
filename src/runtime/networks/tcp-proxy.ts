import { connect, createServer, type ListenOptions, type Server, type Socket } from "node:net";

/** Something that listens until it is closed. */
export interface Proxy {
  close(): void;
}

/** Where a proxy listens: at an address, or on a socket that is bound already. */
export type ListenAt = { readonly host: string; readonly port: number } | { readonly fd: number };

/** Passes each connection there on to `target()`, both directions closing on their own. @throws as listen(2) does. */
export async function proxyTcp(at: ListenAt, target: () => { host: string; port: number }): Promise<Proxy> {
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
  await listening(server, "fd" in at ? at : { ...at, ipv6Only: at.host.includes(":"), exclusive: true });
  return {
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function listening(server: Server, options: ListenOptions | { readonly fd: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...options, backlog: 511 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
