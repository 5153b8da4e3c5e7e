import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What Docker puts under every container: the places that it mounts things on (moby `initlayer.Setup`). */
const directories = ["dev", "dev/pts", "dev/shm", "etc", "proc", "sys"];
const files = [".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf"];

/** Makes the layer in `dir`. The files are empty and get their content by mounts, so export shows them empty, as Docker's does. */
export function makeInitLayer(dir: string): void {
  for (const name of ["", ...directories]) {
    mkdirSync(join(dir, name), { recursive: true });
    chmodSync(join(dir, name), 0o755);
  }
  for (const name of files) {
    writeFileSync(join(dir, name), "");
    chmodSync(join(dir, name), 0o755);
  }
  symlinkSync("/proc/mounts", join(dir, "etc/mtab"));
}
