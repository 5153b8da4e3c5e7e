import { readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { expect, describe, test } from "vitest";
import { askApi, jsonValues } from "../../support/api/raw-api.ts";
import { startTestEngine } from "../../support/engine.ts";
import { enginePid } from "../../support/engine-process.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

const allowed = process.getuid?.() === 0 && hasNamespaces;

const get = (path: string, more = ""): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const post = (path: string, body: string, more = ""): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
const half = (method: string, path: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(3000)}`;
const upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
const webSocket =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/** Says `words`, waits for `sign` in the answer, says what stands behind, and is gone without a goodbye; or was sent away before. */
async function cutOff(socketPath: string, words: string, sign?: RegExp, then?: Uint8Array): Promise<void> {
  const socket = createConnection(socketPath);
  const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  let answer = "";
  await Promise.race([
    gone,
    new Promise<void>((resolve) => {
      socket.write(words, () => {
        if (sign === undefined) resolve();
      });
      socket.on("data", (chunk: Buffer) => {
        if (answer.length < 10_000) answer += chunk.toString("latin1");
        if (sign?.test(answer)) resolve();
      });
    }),
  ]);
  if (then !== undefined) await new Promise((resolve) => socket.write(then, resolve));
  socket.destroy();
  await gone;
}

describe.skipIf(!isBuilt || !allowed)("clients that are cut off (needs a build, root, and user namespaces)", () => {
  test(
    "in the middle of any request, stream, upgrade or frame they leave no file open, no process, and the engine as it was",
    { timeout: 180_000 },
    async () => {
      await using engine = await startTestEngine();
      const { client, socket } = engine;
      const { Id } = await client.createContainer(
        { Image: "busybox", OpenStdin: true, Cmd: ["sh", "-c", "while :; do echo line; sleep 0.05; done"] },
        { name: "there" },
      );
      await client.startContainer(Id);
      const path = `/containers/${Id}`;
      const execOf = async (): Promise<string> => {
        const body = { AttachStdin: true, AttachStdout: true, Cmd: ["sh", "-c", "echo up; cat"] };
        const [made] = jsonValues(await askApi(socket, "POST", `${path}/exec`, { body }));
        return (made as { Id: string }).Id;
      };
      const round = async (): Promise<void> => {
        const hello = /^HTTP\/1\.1 [12]\d\d [^]*\r\n\r\n/;
        const line = /line/;
        await Promise.all([
          cutOff(socket, "GET /cont"),
          cutOff(socket, "GET /_ping HTTP/1.1\r\nHost: x\r\nX-Half: "),
          cutOff(socket, post("/containers/create", "{}").slice(0, -1)),
          cutOff(socket, get("/events"), hello),
          cutOff(socket, get(`${path}/logs?follow=1&stdout=1`), line),
          cutOff(socket, get(`${path}/stats`), /read/),
          cutOff(socket, post(`${path}/wait`, ""), hello),
          cutOff(socket, post(`${path}/attach?stream=1&stdin=1&stdout=1`, "", upgrade), line),
          cutOff(socket, post(`/exec/${await execOf()}/start`, '{"Detach":false}', upgrade), /up/),
          cutOff(socket, get(`${path}/attach/ws?stream=1&stdin=1&stdout=1`, webSocket), line),
          // Half a frame; one that says to be larger than anything; one without a mask; a kind that there is not.
          ...[
            [0x81, 0xfe, 0x10],
            [0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4],
            [0x81, 0x02, 0x61, 0x62],
            [0x8f, 0x80, 0, 0, 0, 0],
          ].map((frame) => cutOff(socket, get(`${path}/attach/ws?stream=1&stdin=1&stdout=1`, webSocket), line, Uint8Array.from(frame))),
          cutOff(socket, get(`${path}/export`), hello),
          cutOff(socket, get("/images/busybox/get"), hello),
          cutOff(socket, half("PUT", `${path}/archive?path=/tmp`)),
          cutOff(socket, half("POST", "/build")),
          cutOff(socket, half("POST", "/images/load")),
          cutOff(socket, half("POST", "/images/create?fromSrc=-")),
        ]);
      };
      const pid = enginePid(engine.handle.pid);
      const open = (): number => readdirSync(`/proc/${pid}/fd`).length;
      const processes = async (): Promise<number> => {
        const [top] = jsonValues(await askApi(socket, "GET", `${path}/top`));
        return (top as { Processes: readonly (readonly string[])[] }).Processes.filter(
          ([, , , , , , , command]) => command !== "sleep 0.05",
        ).length;
      };
      await round();
      // What the first of each kind made the engine load is there to stay.
      await expect.poll(processes).toBe(1);
      const before = open();
      for (let i = 0; i < 5; i++) await round();
      // Fewer than one a round.
      await expect.poll(open).toBeLessThan(before + 5);
      await expect.poll(processes).toBe(1);
      expect((await client.listContainers({ all: true })).map(({ Names, State }) => [Names, State])).toEqual([[["/there"], "running"]]);
      expect((await client.listImages()).map(({ RepoTags }) => RepoTags)).toEqual([["busybox:latest"]]);
    },
  );
});
