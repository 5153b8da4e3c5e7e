import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engineFlags } from "../../../src/runtime/launch/node-start.ts";
import { isBuilt } from "../../support/engine-allowed.ts";

const program = join(import.meta.dirname, "../../../dist/bundle/cli/docker.js");

/** Writes, when the process ends, which files and which of Node's own modules it loaded. */
const recorder = `const Module = require("node:module");
const load = Module._load;
const names = new Set();
Module._load = function (name, ...rest) { if (Module.isBuiltin(name)) names.add(name.replace(/^node:/, "")); return load.call(this, name, ...rest); };
process.on("exit", () => require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify({ files: Object.keys(require.cache), builtins: [...names] })));
`;

describe.skipIf(!isBuilt)("what the start of the docker command loads (needs a build)", () => {
  let folder: string;
  let daemon: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-start-"));
    writeFileSync(join(folder, "recorder.cjs"), recorder);
    // Just enough of a daemon for commands that list: there is nothing.
    daemon = createServer((_request, response) => response.setHeader("content-type", "application/json").end("[]"));
    await new Promise<void>((resolve) => daemon.listen(join(folder, "docker.sock"), resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => daemon?.close(resolve));
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** The files of the bundle that a command line loaded, by the names that they have in the sources, and Node's modules. */
  async function loadedBy(
    ...words: readonly string[]
  ): Promise<{ readonly files: readonly string[]; readonly builtins: readonly string[] }> {
    const list = join(folder, "loaded.json");
    const child = spawn(process.execPath, ["--require", join(folder, "recorder.cjs"), program, ...words], {
      stdio: "ignore",
      env: { DOCKER_HOST: `unix://${folder}/docker.sock`, DOCKER_CONFIG: join(folder, "none"), LOADED: list },
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(0);
    const { files, builtins } = JSON.parse(readFileSync(list, "utf8")) as { files: string[]; builtins: string[] };
    const names = files.map((file) => /([^/]+?)(?:-[\w-]{8})?\.c?js$/.exec(file)?.[1] ?? file).filter((name) => name !== "recorder");
    return { files: names.toSorted(), builtins };
  }

  test("docker ps loads the list and the client, but no builder, template, archive, credential, help or completion", async () => {
    const { files, builtins } = await loadedBy("ps");
    expect(files).toEqual(expect.arrayContaining(["docker", "ps", "unix-client", "write-list"]));
    const others =
      /^(build|template|go-value|local-tar|local-untar|login|registry-auth|help|complet|container-flags|container-request|run|cp|import|protobuf)/;
    expect(files.filter((name) => others.test(name))).toEqual([]);
    expect(files.length).toBeLessThan(25);
    expect(builtins.filter((name) => ["child_process", "worker_threads", "zlib", "crypto", "tls", "https"].includes(name))).toEqual([]);
  });

  test("docker --version loads next to nothing, and a template its engine and no more commands", async () => {
    expect((await loadedBy("--version")).files.length).toBeLessThan(8);
    const { files } = await loadedBy("ps", "--format", "{{.Names}}");
    expect(files).toContain("template");
    expect(files.filter((name) => /^(build|run|login|help|cp)/.test(name))).toEqual([]);
  });
});

describe.skipIf(!isBuilt)("a program that was compiled when it was built (needs a build)", () => {
  const slipway = join(import.meta.dirname, "../../../dist/bin/slipway.js");
  const version = (...flags: readonly string[]): string =>
    execFileSync(process.execPath, [...flags, slipway, "--version"], { encoding: "utf8" });

  test("starts where what was compiled is of another Node, too", () => {
    // V8 takes what was compiled under other flags for another V8's.
    expect(version("--no-opt")).toBe(version());
  });

  test("is compiled for the flags that it runs with", () => {
    const bundle = join(import.meta.dirname, "../../../dist/bundle");
    for (const [name, flags] of [
      ["slipway", []],
      ["engine", engineFlags(undefined)],
    ] as const) {
      const check = `const { readFileSync } = require("node:fs");
        const script = new (require("node:vm").Script)(require("node:module").wrap(readFileSync(process.argv[1] + ".bundle", "latin1")), { cachedData: readFileSync(process.argv[1] + ".cache") });
        console.log(script.cachedDataRejected);`;
      expect(execFileSync(process.execPath, [...flags, "-e", check, join(bundle, name)], { encoding: "utf8" })).toBe("false\n");
    }
  });
});
