import { join } from "node:path";

/** Where things are in an engine's root. The engine always sees its root at the same short place (see docs/architecture.md). */
export interface RootLayout {
  readonly root: string;
  readonly socket: string;
  readonly pidFile: string;
  readonly content: string;
  readonly snapshots: string;
  readonly images: string;
  readonly containers: string;
  readonly networks: string;
  readonly volumes: string;
  /** What `RUN --mount=type=cache` keeps. */
  readonly buildCache: string;
  /** Authorities of registries, as in `/etc/docker/certs.d`. */
  readonly certificates: string;
  readonly tmp: string;
}

/** The paths below `root`. */
export function rootLayout(root: string): RootLayout {
  return {
    root,
    socket: join(root, "docker.sock"),
    pidFile: join(root, "engine.pid"),
    content: join(root, "content"),
    snapshots: join(root, "snapshots"),
    images: join(root, "images.json"),
    containers: join(root, "containers"),
    networks: join(root, "networks.json"),
    volumes: join(root, "volumes"),
    buildCache: join(root, "build-cache"),
    certificates: join(root, "certs.d"),
    tmp: join(root, "tmp"),
  };
}
