import { createSocket } from "node:dgram";
import { getServers } from "node:dns";

const PATIENCE = 4000;

/** Asks the engine's own resolver the question that `message` is (RFC 1035), over UDP; null when no answer comes in four seconds. */
export function forwardQuestion(message: Buffer): Promise<Buffer | null> {
  const [server] = getServers();
  if (server === undefined || server.includes(":")) return Promise.resolve(null);
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (answer: Buffer | null): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => end(null), PATIENCE);
    socket.once("message", (answer) => end(answer));
    socket.once("error", () => end(null));
    socket.connect(53, server, () => socket.send(message));
  });
}
