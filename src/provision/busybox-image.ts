import { digestOf, hexOf, type DiffId } from "../oci/digest.ts";
import { hostArchitecture } from "../oci/architecture.ts";
import type { ImageConfig } from "../oci/image-config.ts";
import { tarHeader, tarPadding, type TarHeader } from "../oci/tar/tar-header.ts";
import { encodeTarHeader, tarEnd } from "../oci/tar/write-tar.ts";
import type { Busybox } from "./find-busybox.ts";

/** One date for everything, so that the same busybox gives the same image everywhere. */
const created = "2024-01-01T00:00:00Z";

const passwd = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
sync:x:4:100:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
`;

const groups = { root: 0, daemon: 1, bin: 2, sys: 3, adm: 4, tty: 5, disk: 6, mail: 8, kmem: 9, wheel: 10, dialout: 18, audio: 29 };
const moreGroups = { tape: 32, "www-data": 33, operator: 37, utmp: 43, staff: 50, netdev: 82, users: 100, nogroup: 65534 };

/** The image as a docker-archive: as the official one, every applet in /bin is a link to one program. The same busybox gives the same bytes. */
export function busyboxArchive(busybox: Busybox): Buffer {
  const layer = layerOf(busybox);
  const diffId = digestOf(layer) as unknown as DiffId;
  const config: ImageConfig = {
    created,
    architecture: hostArchitecture(),
    os: "linux",
    config: { Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Cmd: ["sh"] },
    rootfs: { type: "layers", diff_ids: [diffId] },
    history: [
      { created, created_by: "/bin/sh -c #(nop) ADD file:busybox in / " },
      { created, created_by: '/bin/sh -c #(nop)  CMD ["sh"]', empty_layer: true },
    ],
  };
  const configBytes = Buffer.from(JSON.stringify(config));
  const configName = `${hexOf(digestOf(configBytes))}.json`;
  const layerName = `${hexOf(diffId)}.tar`;
  const manifest = [{ Config: configName, RepoTags: ["busybox:latest"], Layers: [layerName] }];
  return archive([
    { header: { name: configName }, content: configBytes },
    { header: { name: layerName }, content: layer },
    { header: { name: "manifest.json" }, content: Buffer.from(JSON.stringify(manifest)) },
  ]);
}

interface Item {
  readonly header: Pick<TarHeader, "name"> & Partial<TarHeader>;
  readonly content?: Buffer;
}

function layerOf({ binary, applets }: Busybox): Buffer {
  const directory = (name: string, more: Partial<TarHeader> = {}): Item => ({ header: { name: `${name}/`, type: "directory", ...more } });
  const text = (name: string, content: string, mode = 0o644): Item => ({ header: { name, mode }, content: Buffer.from(content) });
  const group = Object.entries({ ...groups, ...moreGroups }).map(([name, id]) => `${name}:x:${id}:${name === "wheel" ? "root" : ""}\n`);
  const shadow = passwd.replace(/^(\w[\w-]*):.*$/gm, "$1:*:10933:0:99999:7:::");
  const links = [...new Set(applets)].filter((applet) => applet !== "busybox" && !applet.includes("/")).toSorted();
  return archive([
    directory("bin"),
    { header: { name: "bin/busybox", mode: 0o755 }, content: binary },
    ...links.map((applet): Item => ({ header: { name: `bin/${applet}`, type: "link", linkName: "bin/busybox", mode: 0o755 } })),
    directory("dev"),
    directory("etc"),
    text("etc/group", group.join("")),
    text("etc/passwd", passwd),
    text("etc/shadow", shadow, 0o640),
    directory("home", { uid: 65534, gid: 65534 }),
    directory("root", { mode: 0o700 }),
    directory("tmp", { mode: 0o1777 }),
    directory("usr"),
    directory("usr/bin"),
    { header: { name: "usr/bin/env", type: "symlink", linkName: "../../bin/env", mode: 0o777 } },
    directory("usr/sbin", { uid: 1, gid: 1 }),
    directory("var"),
    directory("var/spool"),
    directory("var/spool/mail", { uid: 8, gid: 8 }),
    directory("var/www"),
  ]);
}

function archive(items: readonly Item[]): Buffer {
  const mtime = BigInt(Date.parse(created)) * 1_000_000n;
  const pieces = items.flatMap(({ header, content = Buffer.alloc(0) }) => [
    encodeTarHeader(tarHeader({ mtime, size: content.length, ...header })),
    content,
    Buffer.alloc(tarPadding(content.length)),
  ]);
  return Buffer.concat([...pieces, tarEnd]);
}
