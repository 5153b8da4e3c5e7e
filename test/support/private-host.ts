import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";

/**
 * A network namespace that plays a host whose routes and firewall a test may change, with another behind it that plays the rest of the world: `out`
 * here has 203.0.113.1, there is 203.0.113.2, which knows no way back but to that. Anybody may use /dev/net/tun. For root; needs iproute2.
 */
export class PrivateHost implements AsyncDisposable {
  readonly #children: ChildProcess[] = [];
  #host = 0;
  #world = 0;

  static async start(): Promise<PrivateHost> {
    const made = new PrivateHost();
    made.#host = await made.#hold("mount -t tmpfs none /dev/net && mknod -m 666 /dev/net/tun c 10 200 && ip link set lo up");
    made.#world = await made.#hold("ip link set lo up");
    await made.run(["ip", "link", "add", "out", "type", "veth", "peer", "name", "in", "netns", String(made.#world)]);
    for (const [where, name, address] of [
      ["host", "out", "203.0.113.1/24"],
      ["world", "in", "203.0.113.2/24"],
    ] as const) {
      await made.run(["ip", "address", "add", address, "dev", name], where);
      await made.run(["ip", "link", "set", name, "up"], where);
    }
    await made.run(["ip", "route", "add", "default", "via", "203.0.113.2"]);
    return made;
  }

  /** Runs a command to its end; gives what it prints. @throws when it fails. */
  async run(command: readonly string[], where: "host" | "world" = "host", env: Readonly<Record<string, string>> = {}): Promise<string> {
    const [file, ...args] = this.#command(command, where);
    return (await execa(file, args, { all: true, env, stdin: "ignore" })).all;
  }

  /** Starts a command that lasts, and resolves with it and its first line. */
  async start(
    command: readonly string[],
    where: "host" | "world" = "host",
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly child: ChildProcess; readonly line: string }> {
    const [file, ...args] = this.#command(command, where);
    return this.#lasting(file, args, env);
  }

  /** A web server that says its name, and by which address who asks has come. */
  async greeter(name: string, where: "host" | "world", port: number): Promise<void> {
    const program = `require("http").createServer((request, response) => response.end(${JSON.stringify(name)} + " to " + request.socket.remoteAddress + "\\n"))
      .listen(${port}, "0.0.0.0", () => console.log("ready"));`;
    await this.start([process.execPath, "-e", program], where);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(running.map((child) => (child.kill("SIGKILL"), once(child, "exit"))));
  }

  #command(command: readonly string[], where: "host" | "world"): readonly [string, ...string[]] {
    return ["nsenter", `--target=${where === "host" ? this.#host : this.#world}`, "--net", "--mount", "--", ...command];
  }

  /** A process with namespaces of its own that ends with this one. */
  async #hold(prepare: string): Promise<number> {
    const { child } = await this.#lasting("unshare", ["--net", "--mount", "sh", "-c", `set -e; ${prepare}; echo ready; exec cat`], {});
    return child.pid ?? 0;
  }

  async #lasting(
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly child: ChildProcess; readonly line: string }> {
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
    this.#children.push(child);
    let text = "";
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (text.includes("\n")) break;
    }
    if (!text.includes("\n")) throw new Error(`${file} ${args.join(" ")} ended without a word`);
    return { child, line: text.trimEnd() };
  }
}
