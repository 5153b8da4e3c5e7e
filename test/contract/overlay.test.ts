import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LinuxKernel } from "../../src/runtime/kernel/linux.ts";
import { OverlaySnapshotter } from "../../src/runtime/snapshots/overlay.ts";
import { snapshotterContract } from "./snapshotter.ts";

const kernel = new LinuxKernel();

/** The reason why this process cannot mount an overlay, or null. */
function whyNot(): string | null {
  const dir = mkdtempSync(join(tmpdir(), "overlay-"));
  try {
    kernel.mount("tmpfs", dir, "tmpfs", 0, null);
    kernel.unmount(dir);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

snapshotterContract("overlay", { create: (dir) => new OverlaySnapshotter(dir, kernel), kernel, skip: whyNot() });
