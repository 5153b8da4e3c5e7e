import { spawnSync } from "node:child_process";
import { hasErrno, messageOf } from "../../../base/errors.ts";
import type { ConfigFile } from "../config-file.ts";

/** What a helper keeps for a registry; with `<token>` for a name the secret is an identity token (docker-credential-helpers). */
export interface HelperCredentials {
  readonly Username: string;
  readonly Secret: string;
}

const outputLimit = 1 << 20;

/** A program `docker-credential-NAME` that keeps passwords elsewhere than in `config.json`. */
export class CredentialHelper {
  readonly #program: string;
  readonly #env: Readonly<Record<string, string | undefined>>;

  private constructor(name: string, env: Readonly<Record<string, string | undefined>>) {
    this.#program = `docker-credential-${name}`;
    this.#env = env;
  }

  /** The helper that the configuration names for a registry; null where passwords are in the file. */
  static of(config: ConfigFile, key: string, env: Readonly<Record<string, string | undefined>>): CredentialHelper | null {
    const name = config.credHelpers?.[key] ?? config.credsStore ?? "";
    return name === "" ? null : new CredentialHelper(name, env);
  }

  /** Null when it has none, or cannot tell: then Docker asks the registry without. */
  get(key: string): HelperCredentials | null {
    const { output, failure } = this.#run("get", key);
    if (failure !== null) return null;
    try {
      const { Username, Secret } = JSON.parse(output) as { readonly Username?: unknown; readonly Secret?: unknown };
      return typeof Username === "string" && typeof Secret === "string" && Secret !== "" ? { Username, Secret } : null;
    } catch {
      return null;
    }
  }

  /** @throws Error with Docker's text when it does not take them. */
  store(key: string, { Username, Secret }: HelperCredentials): void {
    const { output, failure } = this.#run("store", `${JSON.stringify({ ServerURL: key, Username, Secret })}\n`);
    if (failure !== null) throw new Error(`error storing credentials - err: ${failure}, out: \`${output}\``);
  }

  /** What is not there need not be erased. */
  erase(key: string): void {
    this.#run("erase", key);
  }

  #run(verb: "get" | "store" | "erase", input: string): { readonly output: string; readonly failure: string | null } {
    const stdio = ["pipe", "pipe", "inherit"] as const;
    const { stdout, status, signal, error } = spawnSync(this.#program, [verb], {
      input,
      encoding: "utf8",
      maxBuffer: outputLimit,
      env: this.#env,
      stdio: [...stdio],
    });
    const output = (stdout ?? "").trim();
    // A folder of PATH that may not be entered has none, as for Go.
    if (hasErrno(error, "ENOENT") || hasErrno(error, "EACCES"))
      return { output, failure: `exec: "${this.#program}": executable file not found in $PATH` };
    // A helper that does not read what it does not need succeeds all the same.
    if (error && !hasErrno(error, "EPIPE")) return { output, failure: messageOf(error) };
    if (status === 0) return { output, failure: null };
    return { output, failure: status === null ? `signal: ${signal}` : `exit status ${status}` };
  }
}
