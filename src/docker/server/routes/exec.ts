import { InvalidArgumentError, messageOf } from "../../../base/errors.ts";
import type { ExecBackend } from "../../api/engine.ts";
import type { ExecCreateRequest } from "../../api/types.ts";
import type { Exchange } from "../exchange.ts";
import { execConfigShape, execStartShape } from "../request-shapes.ts";
import { get, post, type Route } from "../router.ts";
import { sizeOf } from "./containers.ts";

/** Further commands in a running container. */
export function execRoutes(backend: ExecBackend): readonly Route[] {
  return [
    post("/containers/{id}/exec", async (exchange) => {
      const request = await exchange.readJson<ExecCreateRequest>("ExecConfig", execConfigShape);
      if (!request.Cmd || request.Cmd.length === 0) throw new InvalidArgumentError("No exec command specified");
      exchange.sendJson(201, await backend.createExec(exchange.parameter("id"), request));
    }),
    post("/exec/{id}/start", (exchange) => start(backend, exchange)),
    post("/exec/{id}/resize", async (exchange) => {
      await backend.resizeExec(exchange.parameter("id"), sizeOf(exchange.query));
      exchange.sendEmpty(200);
    }),
    get("/exec/{id}/json", async (exchange) => exchange.sendJson(200, await backend.inspectExec(exchange.parameter("id")))),
  ];
}

interface ExecStartRequest {
  readonly Detach?: boolean;
  readonly Tty?: boolean;
  readonly ConsoleSize?: readonly [height: number, width: number] | null;
}

async function start(backend: ExecBackend, exchange: Exchange): Promise<void> {
  const id = exchange.parameter("id");
  const request = await exchange.readJson<ExecStartRequest>("ExecStartOptions", execStartShape, {});
  if (request.Detach) {
    await backend.startExecDetached(id);
    return exchange.sendEmpty(200);
  }
  const [height, width] = request.ConsoleSize ?? [];
  const consoleSize = height !== undefined && width !== undefined ? { height, width } : null;
  const session = await backend.startExec(id, { tty: request.Tty ?? false, consoleSize });
  // The connection is a raw stream by now, so the program that could not be started is told there, as dockerd does.
  return exchange.runSession(session, { stdin: true, onError: (error) => `${messageOf(error)}\r\n` });
}
