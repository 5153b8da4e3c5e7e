import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findRuntimes } from "../../../src/runtime/sandbox/oci-runtimes.ts";
import { askApi, jsonValues } from "../../support/api/raw-api.ts";
import { runScript } from "../../compat/backends.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

/** dockerd 20.10, with which the rest is compared, has none of this: outputs are those that moby's source, and its own tests, say. */
describe.skipIf(!isBuilt || !hasNamespaces)(
  "parts of volumes, and what is read-only of a bind (needs a build, and user namespaces)",
  () => {
    let engine: TestEngine;
    beforeAll(async () => {
      // As a scenario's, in which less may be written.
      engine = await startTestEngine({ sealed: true });
    });
    afterAll(() => engine[Symbol.asyncDispose]());

    const sh = async (script: string): Promise<string> => {
      const backend = { name: "ours", docker: "/run/slipway/bin/docker", socket: engine.socket, engine: engine.handle };
      const { stdout } = await runScript(`exec 2>&1\n${script}`, backend);
      return stdout
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("Run 'docker"))
        .join("\n");
    };
    const made = (volume: string): string =>
      `docker run --rm -v ${volume}:/v busybox sh -c 'mkdir -p /v/a /v/hack /v/empty /v/kept; echo hi >/v/a/f; ln -s / /v/hack/root; ln -s ../a /v/hack/good; ln -s root /v/hack/bad; ln -s ../../x /v/hack/up'\n`;

    test("a file or folder of a volume is mounted, by links within it too, and nothing outside of it", async () => {
      const shown = await sh(
        `${made("parts")}for s in a a/f hack/good/f . a/.. nosuch/../a hack/root hack/bad hack/up nosuch a/f/x ../x /a a/../../x; do echo "== $s"; docker run --rm --mount type=volume,src=parts,dst=/m,volume-subpath=$s busybox sh -c 'find /m | sort | head -3; cat /m 2>/dev/null; true'; done
docker create --mount type=volume,dst=/m,volume-subpath=a busybox`,
      );
      expect(shown).toMatchInlineSnapshot(`
      "== a
      /m
      /m/f
      == a/f
      /m
      hi
      == hack/good/f
      /m
      hi
      == .
      /m
      /m/a
      /m/a/f
      == a/..
      /m
      /m/a
      /m/a/f
      == nosuch/../a
      /m
      /m/f
      == hack/root
      docker: Error response from daemon: path concatenation escapes the base directory, base: /run/slipway/root/volumes/parts/_data, subpath: hack/root
      == hack/bad
      docker: Error response from daemon: path concatenation escapes the base directory, base: /run/slipway/root/volumes/parts/_data, subpath: hack/bad
      == hack/up
      docker: Error response from daemon: path concatenation escapes the base directory, base: /run/slipway/root/volumes/parts/_data, subpath: hack/up
      == nosuch
      docker: Error response from daemon: cannot access path /run/slipway/root/volumes/parts/_data/nosuch: lstat /run/slipway/root/volumes/parts/_data/nosuch: no such file or directory
      == a/f/x
      docker: Error response from daemon: cannot access path /run/slipway/root/volumes/parts/_data/a/f/x: not a directory
      == ../x
      docker: Error response from daemon: invalid mount config for type "volume": subpath must be a relative path within the volume
      == /a
      docker: Error response from daemon: invalid mount config for type "volume": subpath must be a relative path within the volume
      == a/../../x
      docker: Error response from daemon: invalid mount config for type "volume": subpath must be a relative path within the volume
      Error response from daemon: invalid mount config for type "volume": must not set Subpath when using anonymous volumes"
    `);
    });

    test("a part is read-only, in use, copied to and from, kept over a restart and lent to others like a volume, and takes the image's content", async () => {
      const runtimes = findRuntimes().map(({ name }) => name);
      const shown = await sh(
        `${made("life")}m=type=volume,src=life,dst=/m,volume-subpath=hack/good
for r in slipway ${runtimes.join(" ")}; do docker run --rm --runtime $r --mount $m,readonly busybox sh -c 'echo x > /m/f' >/dev/null 2>&1 && echo written; docker run --rm --runtime $r --mount $m/f busybox cat /m; done | sort | uniq -c | sed 's/ *[1-9] //'
docker run -d --name user --mount $m busybox sleep 1000 >/dev/null; docker volume rm life 2>&1 | sed 's/- .*/-/'; docker inspect -f '{{json .HostConfig.Mounts}} {{(index .Mounts 0).Source}}' user
echo new >n; docker cp n user:/m/; docker exec user cat /m/n; docker cp user:/m/f - | tar x -O; docker cp user:/m - | tar t | sort
docker run --rm --volumes-from user busybox ls /m; docker run --rm --volumes-from user:ro busybox sh -c 'echo x > /m/f' || echo refused; docker restart -t 0 user; docker exec user ls /m; docker rm -f user
docker run --rm --mount type=volume,src=life,dst=/etc,volume-subpath=empty busybox test -e /etc/passwd; docker run --rm --mount type=volume,src=life,dst=/home,volume-subpath=kept,volume-nocopy busybox true; docker run --rm -v life:/v busybox sh -c 'ls /v; ls /v/empty | grep passwd; ls /v/kept'
docker volume create -d local -o type=tmpfs -o device=tmpfs mem >/dev/null; docker run -d --name keeper -v mem:/v busybox sh -c 'mkdir /v/a; touch /v/a/here; sleep 1000' >/dev/null; until docker exec keeper test -e /v/a/here; do :; done; docker run --rm --mount type=volume,src=mem,dst=/m,volume-subpath=a busybox ls /m; docker rm -f keeper; docker run --rm --mount type=volume,src=mem,dst=/m,volume-subpath=a busybox ls /m
mkdir -p d/in; echo of the host >d/in/f; ln -s /run/slipway d/out; for v in $PWD/d /; do docker volume create -o type=none -o o=bind -o device=$v dev$((i+=1)) >/dev/null; done; docker run --rm --mount type=volume,src=dev1,dst=/m,volume-subpath=in busybox cat /m/f; for s in dev1,volume-subpath=out dev2,volume-subpath=run/slipway dev2,volume-subpath=run dev2,volume-subpath=.; do docker run --rm --mount type=volume,dst=/m,src=$s busybox ls /m; done`,
      );
      expect(shown).toMatchInlineSnapshot(`
      "hi
      Error response from daemon: remove life: volume is in use -
      [{"Type":"volume","Source":"life","Target":"/m","VolumeOptions":{"Subpath":"hack/good"}}] /run/slipway/root/volumes/life/_data
      new
      hi
      m/
      m/f
      m/n
      f
      n
      sh: can't create /m/f: Read-only file system
      refused
      user
      f
      n
      user
      a
      empty
      hack
      kept
      passwd
      here
      keeper
      docker: Error response from daemon: cannot access path /run/slipway/root/volumes/mem/_data/a: lstat /run/slipway/root/volumes/mem/_data/a: no such file or directory
      of the host
      docker: Error response from daemon: path concatenation escapes the base directory, base: <folder>/work/d, subpath: out
      docker: Error response from daemon: bind /run/slipway: it is the engine's own: permission denied
      docker: Error response from daemon: bind /run: it is the engine's own: permission denied
      docker: Error response from daemon: bind /: it is the engine's own: permission denied"
    `);
    });

    test("a link that a container swaps in while others start leads no one out of the volume", async () => {
      await sh(
        `docker run -d --name swapper -v swapped:/v busybox sh -c 'mkdir -p /v/d/in /v/kept; touch /v/d/in/inside; while :; do mv /v/d /v/kept/; ln -s / /v/d; rm /v/d; ln -s kept/d /v/d; rm /v/d; mv /v/kept/d /v/; done'
docker create --name looker --mount type=volume,src=swapped,dst=/m,volume-subpath=d busybox`,
      );
      const seen = new Set<string>();
      // Each looks for the part anew.
      for (let look = 0; look < 300 || !seen.has("in"); look++) {
        const archive = await engine.client.getArchive("looker", "/m").catch((error: Error) => error);
        if (archive instanceof Error) {
          if (!/escapes the base directory|cannot access path|no such|Could not find/.test(archive.message)) seen.add(archive.message);
          continue;
        }
        const names = Buffer.concat(await archive.tar.toArray()).toString("latin1");
        for (const name of names.match(/m\/[a-z]+/g) ?? []) seen.add(name.slice(2));
      }
      expect([...seen]).toEqual(["in"]);
    });

    test("a bind without what is mounted below it says so where the kernel keeps what lies under those mounts hidden", async () => {
      const shown = await sh("docker run --rm --mount type=bind,src=/,dst=/x,bind-recursive=disabled busybox true 2>&1 | head -1");
      expect(shown).toMatch(
        /: bind \/ without what is mounted below it, which only the host's own user namespace may: invalid argument(?:: unknown)?\.?$/,
      );
      expect(
        await sh("docker run --rm --mount type=bind,src=/etc,dst=/x,bind-recursive=disabled busybox test -s /x/passwd && echo had"),
      ).toBe("had");
    });

    test("what is mounted below a read-only bind is read-only, unless it is asked to be writable", async () => {
      const runtimes = findRuntimes().map(({ name }) => name);
      // The engine's /tmp is mounted on what it sees of the host.
      const shown = await sh(
        `try() { for r in slipway ${runtimes.join(" ")}; do docker run --rm --runtime $r "$@" busybox sh -c 'for p in /x /x/tmp; do touch $p/t 2>/dev/null && echo written $p || echo refused $p; done'; done | sort -u; }
for o in bind-recursive=enabled bind-recursive=writable bind-recursive=readonly,bind-propagation=rprivate; do echo "== $o"; try --mount type=bind,src=/,dst=/x,readonly,$o; done; echo == -v; try -v /:/x:ro
docker create --name lender --mount type=bind,src=/,dst=/x,readonly,bind-recursive=writable busybox >/dev/null; echo == from; try --volumes-from lender`,
      );
      expect(shown).toMatchInlineSnapshot(`
      "== bind-recursive=enabled
      refused /x
      refused /x/tmp
      == bind-recursive=writable
      refused /x
      written /x/tmp
      == bind-recursive=readonly,bind-propagation=rprivate
      refused /x
      refused /x/tmp
      == -v
      refused /x
      refused /x/tmp
      == from
      refused /x
      written /x/tmp"
    `);
      const created = async (version: string, host: object): Promise<readonly [number, string]> => {
        const body = { Image: "busybox", Cmd: ["touch", "/x/tmp/t"], HostConfig: host };
        const answer = await askApi(engine.socket, "POST", `/${version}/containers/create`, { body });
        const { Id = "", message = "" } = jsonValues(answer)[0] as { Id?: string; message?: string };
        if (Id === "") return [answer.status, message];
        await engine.client.startContainer(Id);
        const { StatusCode } = await (await engine.client.waitContainer(Id, "not-running")).result;
        return [answer.status, StatusCode === 0 ? "written" : "refused"];
      };
      const forced = { Type: "bind", Source: "/", Target: "/x", ReadOnly: true, BindOptions: { ReadOnlyForceRecursive: true } };
      expect([
        await created("v1.43", { Binds: ["/:/x:ro"] }),
        await created("v1.44", { Binds: ["/:/x:ro"] }),
        await created("v1.43", { Mounts: [{ ...forced, BindOptions: {} }] }),
        await created("v1.44", { Mounts: [forced] }),
        await created("v1.43", { Mounts: [forced] }),
      ]).toEqual([
        [201, "written"],
        [201, "refused"],
        [201, "written"],
        [201, "refused"],
        [400, "BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer"],
      ]);
      const { Id } = await engine.client.createContainer(
        {
          Image: "busybox",
          Cmd: ["true"],
          HostConfig: { Mounts: [{ Type: "bind", Source: "/tmp/made/by/engine", Target: "/x", BindOptions: { CreateMountpoint: true } }] },
        },
        { name: "" },
      );
      await engine.client.startContainer(Id);
      const both = { ReadOnlyNonRecursive: true, ReadOnlyForceRecursive: true };
      await expect(
        engine.client.createContainer(
          { Image: "busybox", HostConfig: { Mounts: [{ Type: "bind", Source: "/tmp", Target: "/x", ReadOnly: true, BindOptions: both }] } },
          { name: "" },
        ),
      ).rejects.toThrow("mount options conflict: ReadOnlyNonRecursive && ReadOnlyForceRecursive");
    });
  },
);
