import { readFileSync, writeFileSync } from "node:fs";
import { test } from "vitest";
import { startTestEngine } from "../support/engine.ts";
import { runScript, type Backend } from "./backends.ts";

test("scratch", async () => {
  const ours = await startTestEngine({ images: ["busybox"] });
  const mixed = await startTestEngine({ images: ["busybox"] });
  const real: Backend = { name: "real", docker: "/usr/local/bin/docker", socket: process.env["DD"] ?? "/tmp/api/dd/docker.sock" };
  const backends: Backend[] = [
    real,
    { name: "own", docker: "/run/slipway/bin/docker", socket: ours.socket, engine: ours.handle },
    { name: "mixed", docker: real.docker, socket: mixed.socket, engine: mixed.handle },
  ];
  try {
    const outs = await Promise.all(backends.map((backend) => runScript(readFileSync(process.env["SCRIPT"] ?? "", "utf8"), backend)));
    outs.forEach((out, index) =>
      writeFileSync(`/tmp/api/out.${backends[index]?.name}`, `${out.stdout}\n--- stderr\n${out.stderr}\n--- exit ${out.exitCode}\n`),
    );
  } finally {
    await ours[Symbol.asyncDispose]();
    await mixed[Symbol.asyncDispose]();
  }
}, 120000);
