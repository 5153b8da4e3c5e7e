import { Writable } from "node:stream";
import { copyRaw, demultiplex } from "../../../docker/client/multiplexed-stream.ts";
import { inspectNamed } from "./container-facts.ts";
import type { Scene } from "./engine.ts";
import { MAX_CONTENT_BYTES } from "./tar-reader.ts";

/** What the container printed, stdout and stderr in the order they came; null when there is none of that name. */
export async function logText({ engine, signal }: Scene, name: string): Promise<string | null> {
  const inspect = await inspectNamed(engine, name);
  if (inspect === null) return null;
  const stream = await engine.containerLogs(inspect.Id, { stdout: true, stderr: true }, signal);
  const chunks: Buffer[] = [];
  let size = 0;
  const output = new Writable({
    write: (chunk: Buffer, _, done) => {
      size += chunk.length;
      if (size <= MAX_CONTENT_BYTES) chunks.push(chunk);
      done();
    },
  });
  if (inspect.Config.Tty === true) await copyRaw(stream, output);
  else await demultiplex(stream, { stdout: output, stderr: output });
  return Buffer.concat(chunks).toString("utf8");
}
