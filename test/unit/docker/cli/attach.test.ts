import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { duplexPair } from "../../../../src/base/duplex-pair.ts";
import type { UnixClient } from "../../../../src/docker/client/unix-client.ts";
import { runDockerWith, type Outcome } from "../../../support/run-docker.ts";

/** Attaches to a container that runs when it is looked at first, and has ended with 3 when it is looked at again. */
async function attachLate(serve: (engine: Duplex) => void): Promise<Outcome> {
  const [client, engine] = duplexPair();
  let looks = 0;
  const inspected = () => ({ Id: "1f", State: { Running: (looks += 1) === 1 }, Config: { Tty: true } });
  serve(engine);
  return await runDockerWith(
    {
      inspectContainer: () => Promise.resolve(inspected()),
      waitContainer: () => Promise.resolve({ result: Promise.resolve({ StatusCode: 3 }) }),
      attachContainer: () => Promise.resolve({ stream: client }),
    } as unknown as Partial<UnixClient>,
    ["attach", "--no-stdin", "one"],
  );
}

test("what a container printed when it ended just after it was attached to is shown, with its exit code", async () => {
  expect(await attachLate((engine) => engine.end("last words\n"))).toEqual({ exitCode: 3, stdout: "last words\n", stderr: "" });
});

test("a container that ended just before it was attached to is not waited for until its next run", async () => {
  const { exitCode, stdout, stderr } = await attachLate(() => undefined);
  expect([exitCode, stdout, stderr]).toEqual([1, "", "You cannot attach to a stopped container, start it first\n"]);
});
