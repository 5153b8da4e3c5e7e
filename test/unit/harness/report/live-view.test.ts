import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { LiveView } from "../../../../src/harness/report/live-view.ts";
import { ScreenImage } from "../../../../src/harness/run/screen-image.ts";

test("a window made narrower breaks what was drawn into more rows, and all of them are drawn over, and nothing above", async () => {
  const size = { columns: 80, rows: 24 };
  const image = new ScreenImage(size);
  // Held back, so that each drawing reaches the screen before the window changes under it.
  const written: string[] = [];
  const feed = (): number => {
    for (const text of written) image.write(Buffer.from(text.replaceAll("\n", "\r\n")));
    return written.splice(0).length;
  };
  const drawn = async (): Promise<void> => {
    while (feed() === 0) await sleep(10);
  };
  const live = new LiveView((text) => void written.push(text), size);
  live.start(1);
  live.print("✓ above\n");
  feed();
  live.show("long", "等待一个非常长的中文标题，".repeat(8));
  for (const columns of [80, 40, 33, 120, 21, 60]) {
    feed();
    size.columns = columns;
    await image.resize(size);
    await drawn();
    const [above, head, line, ...more] = (await image.text()).split("\n");
    expect([above, head, more]).toEqual(["✓ above", "[0/1]", []]);
    expect(line).toMatch(/^ {2}▸ +[\d.]+ s .*…$/);
  }
  live.end();
  feed();
  expect(await image.text()).toBe("✓ above");
});
