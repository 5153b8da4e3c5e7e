import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { Cleanup } from "../base/cleanup.ts";
import { UnavailableError } from "../base/errors.ts";
import { isStaticBinary } from "./static-binary.ts";

/** A busybox: its bytes, and the names that it can be called by. */
export interface Busybox {
  readonly binary: Buffer;
  readonly applets: readonly string[];
}

const aptSeconds = 120;

/**
 * Finds a static busybox: the host's own, else out of Debian's package, which is unpacked and not installed.
 * @throws UnavailableError saying what was tried.
 */
export async function findBusybox(path = process.env["PATH"] ?? ""): Promise<Busybox> {
  for (const folder of new Set([...path.split(delimiter), "/bin", "/usr/bin", "/sbin", "/usr/sbin"])) {
    if (folder !== "" && (await isStaticBinary(join(folder, "busybox")))) return await describe(join(folder, "busybox"));
  }
  await using cleanup = new Cleanup();
  const folder = await mkdtemp(join(tmpdir(), "slipway-busybox-"));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const file = await fromDebian(folder);
  if (file === null) throw new UnavailableError("Debian's busybox-static has no static busybox");
  return await describe(file);
}

/** Debian's busybox-static, downloaded and unpacked below `folder`. Needs no root, and package lists only when the host's are not there. */
async function fromDebian(folder: string): Promise<string | null> {
  const run = async (command: string, args: readonly string[]): Promise<void> => {
    await execa(command, args, { cwd: folder, timeout: aptSeconds * 1000, env: { LC_ALL: "C" }, stdin: "ignore" });
  };
  // apt would drop to a user who may not write here.
  const options = ["-qq", "-o", "APT::Sandbox::User="];
  try {
    await run("apt-get", [...options, "download", "busybox-static"]);
  } catch {
    const own = [...options, "-o", `Dir::State=${join(folder, "state")}`, "-o", `Dir::Cache=${join(folder, "cache")}`];
    try {
      for (const name of ["state/lists/partial", "cache/archives/partial"]) await mkdir(join(folder, name), { recursive: true });
      await run("apt-get", [...own, "update"]);
      await run("apt-get", [...own, "download", "busybox-static"]);
    } catch (error) {
      throw new UnavailableError("this host has no static busybox, and Debian's busybox-static cannot be downloaded", { cause: error });
    }
  }
  const packageFile = (await readdir(folder)).find((name) => name.endsWith(".deb"));
  if (packageFile === undefined) return null;
  await run("dpkg-deb", ["-x", packageFile, "unpacked"]);
  // The merged /usr of later releases is in the package, too.
  for (const file of ["unpacked/bin/busybox", "unpacked/usr/bin/busybox"]) {
    if (await isStaticBinary(join(folder, file))) return join(folder, file);
  }
  return null;
}

async function describe(file: string): Promise<Busybox> {
  const { stdout } = await execa(file, ["--list"], { timeout: 10_000 });
  return { binary: await readFile(file), applets: stdout.split("\n").filter(Boolean) };
}
