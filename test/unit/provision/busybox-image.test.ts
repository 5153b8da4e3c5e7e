import { expect, test } from "vitest";
import { busyboxArchive } from "../../../src/provision/busybox-image.ts";
import { ImageWorld, load } from "../../support/image-world.ts";

test("the archive loads as busybox:latest, and the same program gives the same bytes", async () => {
  using world = new ImageWorld();
  const busybox = { binary: Buffer.from("program"), applets: ["sh", "[", "ls", "busybox"] };
  const archive = busyboxArchive(busybox);
  expect(busyboxArchive({ ...busybox, applets: busybox.applets.toReversed() }).equals(archive)).toBe(true);
  const { images } = await world.root();
  expect(await load(images, archive)).toEqual(["Loaded image: busybox:latest\n"]);
  const { config } = await images.get("busybox");
  expect(config.config).toEqual({ Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], Cmd: ["sh"] });
});
