import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { expect, test } from "vitest";
import { requestHttp } from "../../../../src/harness/run/http-request.ts";
import { openTunnel } from "../../../../src/harness/run/tunnel.ts";

const connect = (host: string, port: number) =>
  openTunnel(([file = "", ...args]) => [file, ...args], { PATH: process.env["PATH"] ?? "" }, { host, port });
const { signal } = new AbortController();

test("a request goes through a program's connection: method, headers and body there, status, headers and body back", async () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(418, { "X-Two": ["a", "b"] });
      response.end(`${request.method} ${request.url} ${String(request.headers["x-one"])} ${Buffer.concat(chunks).toString()}`);
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const request = { url: `http://nowhere.invalid:${port}/path?q=1`, method: "PUT", headers: { "X-One": "1" }, body: "text" };
  expect(await requestHttp(request, { connect, address: "127.0.0.1", signal })).toMatchObject({
    status: 418,
    headers: { "x-two": "a, b" },
    body: "PUT /path?q=1 1 text",
  });
  server.close();
});

test("nobody there, no answer in time and no HTTP are told as what they are", async () => {
  const silent = createTcpServer(() => undefined).listen(0, "127.0.0.1");
  const rude = createTcpServer((socket) => socket.resume().end("hello\n")).listen(0, "127.0.0.1");
  await Promise.all([silent, rude].map((one) => new Promise((resolve) => one.once("listening", resolve))));
  const [slow, wrong] = [silent, rude].map((one) => `http://127.0.0.1:${(one.address() as AddressInfo).port}/`);
  expect(await requestHttp({ url: slow ?? "", timeout: "300ms" }, { connect, address: null, signal })).toMatchObject({
    en: "no answer within 300 ms",
  });
  expect(await requestHttp(wrong ?? "", { connect, address: null, signal })).toMatchObject({ en: expect.stringMatching(/^Parse Error/) });
  rude.close();
  await new Promise((resolve) => rude.once("close", resolve));
  expect(await requestHttp(wrong ?? "", { connect, address: null, signal })).toMatchObject({ en: expect.stringMatching(/refused/i) });
  silent.close();
});

test("header lines that end by a line feed alone are read, as those of a CGI script are", async () => {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\n\n{}\n"));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await requestHttp(url, { connect, address: null, signal })).toMatchObject({
    status: 200,
    headers: { "content-type": "application/json" },
    body: "{}\n",
  });
  server.close();
});
