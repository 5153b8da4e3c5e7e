import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { startTestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

/**
 * A client that nobody here wrote: Node's own WebSocket, which Node 20 has behind a flag. It knows no unix sockets, so a port of the loopback leads
 * there. Types a line when it is connected, and ends when the container does.
 */
const CLIENT = `
  const { createConnection, createServer } = require("node:net");
  const [socket, path, line] = process.argv.slice(1);
  const server = createServer((client) => { const engine = createConnection(socket); client.pipe(engine).pipe(client); });
  server.listen(0, "127.0.0.1", () => {
    const ws = new WebSocket("ws://127.0.0.1:" + server.address().port + path);
    ws.binaryType = "arraybuffer";
    let text = "";
    ws.onopen = () => line && ws.send(line + "\\n");
    ws.onmessage = ({ data }) => (text += Buffer.from(data).toString());
    ws.onerror = ({ message }) => (text += "error: " + message);
    ws.onclose = ({ code }) => { process.stdout.write(JSON.stringify({ text, code })); server.close(); process.exit(); };
  });
`;

async function attach(socket: string, path: string, line = ""): Promise<unknown> {
  const args = ["--no-warnings", "--experimental-websocket", "-e", CLIENT, socket, path, line];
  return JSON.parse((await promisify(execFile)(process.execPath, args, { timeout: 90_000 })).stdout);
}

describe.skipIf(!isBuilt || !hasNamespaces)("attach by web socket (needs a build, and user namespaces)", () => {
  test("types into a real container and shows both its streams, from the log's beginning when asked, until it ends", async () => {
    await using engine = await startTestEngine();
    const { client } = engine;
    const request = { Image: "busybox", OpenStdin: true, StdinOnce: true, Cmd: ["sh", "-c", "echo before; read line; echo got $line >&2"] };
    const { Id } = await client.createContainer(request, { name: "typed" });
    await client.startContainer(Id);
    await expect
      .poll(async () => Buffer.concat(await (await client.containerLogs(Id, { stdout: true })).toArray()).toString())
      .toContain("before");
    expect(await attach(engine.socket, `/v1.47/containers/${Id}/attach/ws?stream=1&stdin=1&stdout=1&stderr=1&logs=1`, "a line")).toEqual({
      text: "before\ngot a line\n",
      code: 1000,
    });
    expect((await client.inspectContainer(Id)).State.ExitCode).toBe(0);
  });
});
