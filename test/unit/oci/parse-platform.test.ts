import { expect, test } from "vitest";
import { hostArchitecture } from "../../../src/oci/architecture.ts";
import { parsePlatform } from "../../../src/oci/parse-platform.ts";

test.each([
  ["", `linux/${hostArchitecture()}`],
  ["linux", `linux/${hostArchitecture()}`],
  ["macos", `darwin/${hostArchitecture()}`],
  ["arm64", "linux/arm64"],
  ["armel", "linux/arm/v6"],
  ["armhf", "linux/arm"],
  ["LINUX/X86_64", "linux/amd64"],
  ["linux/arm/7", "linux/arm/v7"],
  ["linux/amd64/v1", "linux/amd64"],
  ["linux/aarch64/8", "linux/arm64/v8"],
  ["linux/made-up", "linux/made-up"],
])("platform %j is %s", (text, expected) => {
  const { os, architecture, variant } = parsePlatform(text);
  expect([os, architecture, ...(variant === undefined ? [] : [variant])].join("/")).toBe(expected);
});

test.each([
  ["nonsense", '"nonsense": unknown operating system or architecture: invalid argument'],
  ["a/b/c/d", '"a/b/c/d": cannot parse platform specifier: invalid argument'],
  ["linux/*", '"linux/*": wildcards not yet supported: invalid argument'],
  ["/amd64", '"" is an invalid component of "/amd64": platform specifier component must match "^[A-Za-z0-9_-]+$": invalid argument'],
  [
    "li nux/a",
    '"li nux" is an invalid component of "li nux/a": platform specifier component must match "^[A-Za-z0-9_-]+$": invalid argument',
  ],
])("%j is no platform, in containerd's words", (text, message) => {
  expect(() => parsePlatform(text)).toThrow(message);
});
