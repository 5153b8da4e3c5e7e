import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OciLayoutStore } from "../../../../src/runtime/content/oci-layout-store.ts";

let folder: string;
const large = Buffer.alloc(5_000_000, "large");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unsynced-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const note = (): string => join(folder, "unsynced.json");

test("a small blob is never noted, and a large one no longer once it is on the disk", async () => {
  const store = await OciLayoutStore.open(folder);
  await store.ingest(Buffer.from("small"));
  await store.sync();
  expect(existsSync(note())).toBe(false);
  const { digest } = await store.ingest(large);
  expect(await store.size(digest)).toBe(large.length);
  await store.sync();
  await expect.poll(() => existsSync(note())).toBe(false);
});

test("after a power failure a noted blob counts only when it still has its digest", async () => {
  const store = await OciLayoutStore.open(folder);
  const whole = await store.ingest(large);
  const spoiled = await store.ingest(Buffer.alloc(6_000_000, "spoiled"));
  truncateSync(store.pathOf(spoiled.digest), 1000);
  truncateSync(store.pathOf(spoiled.digest), 6_000_000);
  const digests = [whole.digest, spoiled.digest];
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  // Killed with the engine alone, nothing is lost that was written.
  writeFileSync(note(), JSON.stringify({ boot, digests }));
  expect(await (await OciLayoutStore.open(folder)).has(spoiled.digest)).toBe(true);
  await expect.poll(() => existsSync(note())).toBe(false);
  writeFileSync(note(), JSON.stringify({ boot: "another", digests }));
  const after = await OciLayoutStore.open(folder);
  expect([await after.has(whole.digest), await after.has(spoiled.digest)]).toEqual([true, false]);
  await expect.poll(() => existsSync(note())).toBe(false);
});
