import { closeSync, rmSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { rootLayout } from "../runtime/root-layout.ts";

// The engine's composition root: runs inside the namespaces that `runtime/launch` made, as told by its environment.
const layout = rootLayout(process.env["SLIPWAY_ROOT"] ?? "/run/slipway/root");
rmSync(layout.socket, { force: true });
const server = createServer((request, response) => {
  response.statusCode = request.url === "/_ping" ? 200 : 404;
  response.end(request.url === "/_ping" ? "OK" : "");
});
server.listen(layout.socket, () => {
  writeSync(3, "ready\n");
  closeSync(3);
});
process.on("SIGTERM", () => server.close(() => process.exit(0)));
