import { expect, test } from "vitest";
import { checkPlatform } from "../../../../../src/runtime/engine/config/platform.ts";

const image = { os: "linux", architecture: "amd64" };

test("an image of the platform asked for is taken, however that is written", () => {
  for (const wanted of ["", "linux/amd64", "linux", "amd64", "x86_64", "linux/x86_64", "LINUX/AMD64"]) {
    expect(() => checkPlatform(wanted, image, "busybox")).not.toThrow();
  }
});

test("another platform's is not found, and what is no platform is refused", () => {
  expect(() => checkPlatform("linux/arm64/v8", image, "busybox")).toThrow(
    "image with reference busybox was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64",
  );
  expect(() => checkPlatform("arm64", image, "busybox")).toThrow("wanted linux/arm64");
  expect(() => checkPlatform("windows", image, "busybox")).toThrow("wanted windows/amd64");
  for (const wanted of ["a/b/c/d", "linux/", "li nux"]) expect(() => checkPlatform(wanted, image, "busybox")).toThrow("invalid component");
});
