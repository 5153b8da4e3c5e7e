import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { enterEngine } from "../../src/runtime/launch/enter-engine.ts";
import type { TestEngine } from "./engine.ts";

/** `user`, `secret`. */
export const htpasswd = "user:$2b$04$HXwwMUoX1mjHU5EsM5w6o.BeDp3wNjMgvKDlbC4OfSW/fWAx1NfVq";

/** A script that runs Debian's docker-registry: its data in `/tmp/NAME`, of which `more` configures the rest. */
export function registryScript(name: string, address: string, more = "", http = ""): string {
  const config = `version: 0.1\nstorage: {filesystem: {rootdirectory: /tmp/${name}}}\nhttp: {addr: "${address}"${http}}\n${more}\n`;
  return `echo '${htpasswd}' > /tmp/htpasswd; echo '${config}' > /tmp/${name}.yml; exec docker-registry serve /tmp/${name}.yml`;
}

/** Programs beside a test's engine: in its namespaces, where all ports are free. */
export class BesideEngine implements Disposable {
  readonly #engine: TestEngine;
  readonly #servers: ChildProcess[] = [];

  constructor(engine: TestEngine) {
    this.#engine = engine;
  }

  [Symbol.dispose](): void {
    for (const server of this.#servers) server.kill("SIGKILL");
  }

  /** Starts a server, and waits until it says that it is listening; what it says is told by the result. */
  serve(script: string): Promise<() => string> {
    const [command, ...args] = enterEngine(this.#engine.handle, { cwd: "/tmp", command: ["sh", "-c", script] });
    const server = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      let output = "";
      const read = (chunk: Buffer): void => {
        output += chunk.toString();
        if (output.includes("listening on")) resolve(() => output);
      };
      server.stdout.on("data", read);
      server.stderr.on("data", read);
      server.once("exit", () => reject(new Error(output)));
    });
  }

  /** What a script prints. @throws Error with what it complains of. */
  run(script: string, input = ""): string {
    const [command, ...args] = enterEngine(this.#engine.handle, { cwd: "/tmp", command: ["sh", "-ec", script] });
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", input });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }
}
