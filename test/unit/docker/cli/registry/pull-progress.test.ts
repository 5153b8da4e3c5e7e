import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { JsonMessage } from "../../../../../src/docker/api/types.ts";
import { printMessages } from "../../../../../src/docker/cli/registry/pull-progress.ts";

const bar = `[${"=".repeat(10)}>${" ".repeat(40)}]  1.5MB/7.5MB`;

const pulled: readonly JsonMessage[] = [
  { id: "1", status: "Pulling from app" },
  { id: "aaaaaaaaaaaa", status: "Pulling fs layer", progressDetail: {} },
  { id: "bbbbbbbbbbbb", status: "Pulling fs layer", progressDetail: {} },
  { id: "aaaaaaaaaaaa", status: "Downloading", progressDetail: { current: 1_500_000, total: 7_500_000 }, progress: bar },
  { id: "bbbbbbbbbbbb", status: "Pull complete", progressDetail: {} },
  { status: "Digest: sha256:0" },
];

async function printed(traits: { isTTY?: boolean; columns?: number }): Promise<string> {
  const output = Object.assign(new PassThrough(), traits);
  const messages = async function* (): AsyncGenerator<JsonMessage> {
    yield* pulled;
  };
  await printMessages(messages(), output);
  output.end();
  return (await text(output)).replaceAll("\x1b", "^");
}

const lines = (progress: string): string =>
  "1: Pulling from app\naaaaaaaaaaaa: Pulling fs layer\nbbbbbbbbbbbb: Pulling fs layer\n" +
  `^[2A^[2K\raaaaaaaaaaaa: Downloading ${progress}^[2B\r^[1A^[2K\rbbbbbbbbbbbb: Pull complete^[1B\rDigest: sha256:0\n`;

test("on a wide terminal a layer has one line, with a bar that is drawn over itself", async () => {
  expect(await printed({ isTTY: true, columns: 111 })).toBe(lines(bar));
});

test("on one that a bar might not fit bytes are counted without it, and no line is wider than the terminal", async () => {
  expect(await printed({ isTTY: true, columns: 110 })).toBe(lines(" 1.5MB/7.5MB"));
  expect(await printed({ isTTY: true, columns: 30 })).toBe(lines(" 1.5MB/7.5MB".slice(0, 30 - "aaaaaaaaaaaa: Downloading ".length)));
});

test("elsewhere every change of state is a line, and bytes are not counted", async () => {
  const text =
    "1: Pulling from app\naaaaaaaaaaaa: Pulling fs layer\nbbbbbbbbbbbb: Pulling fs layer\nbbbbbbbbbbbb: Pull complete\nDigest: sha256:0\n";
  expect(await printed({})).toBe(text);
});
