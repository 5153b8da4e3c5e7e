import { expect, test } from "vitest";
import { ScreenImage } from "../../../../src/harness/run/screen-image.ts";

test("a screen is what is left of what was written: overwritten, cleared, scrolled away and wrapped as a terminal does", async () => {
  const screen = new ScreenImage({ rows: 3, columns: 10 });
  screen.write(Buffer.from("loading 1%\rready     \r\n\u001b[31mred\u001b[0m"));
  expect(await screen.text()).toBe("ready\nred");
  screen.write(Buffer.from("\u001b[2J\u001b[Hone\r\ntwo\r\nthree\r\nlonger than ten"));
  expect(await screen.text()).toBe("three\nlonger tha\nn ten");
  await screen.resize({ rows: 2, columns: 20 });
  screen.write(Buffer.from("\u001b[2J\u001b[Hwide enough for it"));
  expect(await screen.text()).toBe("wide enough for it");
});
