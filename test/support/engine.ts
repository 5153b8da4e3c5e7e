import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnixClient } from "../../src/docker/client/unix-client.ts";
import { removeTree } from "../../src/harness/targets/workspace.ts";
import { defaultStore, ensureBaseImages } from "../../src/provision/base-images.ts";
import { startEngine, type EngineHandle } from "../../src/runtime/launch/start-engine.ts";

/** A real engine of ours in a root of its own; disposing of it removes both. */
export interface TestEngine extends AsyncDisposable {
  readonly handle: EngineHandle;
  readonly socket: string;
  readonly root: string;
  readonly client: UnixClient;
}

/** The busybox image as a docker-archive tar, the same that our engines have. */
export async function baseImageTar(): Promise<string> {
  const store = defaultStore();
  await ensureBaseImages(store);
  return join(store, "base/busybox.tar");
}

/** Starts the built engine on a fresh root with these base images in it. */
export async function startTestEngine({
  images = ["busybox"],
  sealed = false,
}: { readonly images?: readonly string[]; readonly sealed?: boolean } = {}): Promise<TestEngine> {
  await baseImageTar();
  const root = await mkdtemp(join(tmpdir(), "slipway-test-"));
  // The engine's root is another user's where ids are shifted.
  await chmod(root, 0o755);
  const handle = await startEngine({ root, store: defaultStore(), sealed });
  const client = new UnixClient(`unix://${handle.socket}`);
  for (const image of images) for await (const _ of await client.pullImage({ image, tag: "latest" }));
  return {
    handle,
    socket: handle.socket,
    root,
    client,
    async [Symbol.asyncDispose]() {
      await handle.stop();
      // An ordinary user has to open overlay's own folders first.
      await removeTree(root);
    },
  };
}
