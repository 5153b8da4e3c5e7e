import { expect, test } from "vitest";
import type { ContainerCreateRequest, HostConfig } from "../../../../../src/docker/api/types.ts";
import { checkModes } from "../../../../../src/runtime/engine/config/check-modes.ts";

const refusalOf = (HostConfig: HostConfig, more: Partial<ContainerCreateRequest> = {}): string => {
  try {
    checkModes({ Image: "busybox", ...more, HostConfig });
    return "fine";
  } catch (error) {
    return (error as Error).message;
  }
};

test("log drivers and their options are this engine's, or refused", () => {
  expect([
    refusalOf({ LogConfig: { Type: "", Config: {} } }),
    refusalOf({ LogConfig: { Type: "none", Config: {} } }),
    refusalOf({ LogConfig: { Type: "json-file", Config: { "max-size": "10k", "max-file": "3" } } }),
    refusalOf({ LogConfig: { Type: "syslog", Config: {} } }),
    refusalOf({ LogConfig: { Type: "nosuch", Config: {} } }),
    refusalOf({ LogConfig: { Type: "json-file", Config: { colour: "red" } } }),
    refusalOf({ LogConfig: { Type: "json-file", Config: { "max-size": "much" } } }),
    refusalOf({ LogConfig: { Type: "json-file", Config: { "env-regex": "^X", "labels-regex": "(" } } })?.replace(
      /parsing regexp: .*/s,
      "parsing",
    ),
  ]).toEqual([
    "fine",
    "fine",
    "fine",
    "logger: no log driver named 'syslog' is registered",
    'error looking up logging plugin nosuch: plugin "nosuch" not found',
    "unknown log opt 'colour' for json-file log driver",
    "failed to initialize logging driver: invalid size: 'much'",
    "failed to initialize logging driver: error parsing",
  ]);
});

test("namespaces, security options and runtimes that nobody has here are refused in Docker's words", () => {
  expect([
    refusalOf({ PidMode: "container:other", IpcMode: "shareable", UTSMode: "host" }),
    refusalOf({ PidMode: "nope" }),
    refusalOf({ IpcMode: "nope" }),
    refusalOf({ UTSMode: "host" }, { Hostname: "box" }),
    refusalOf({ SecurityOpt: ["no-new-privileges", "label=disable", "seccomp=unconfined"] }),
    refusalOf({ SecurityOpt: ["a=b"] }),
    refusalOf({ StorageOpt: { size: "1g" } }),
  ]).toEqual([
    "fine",
    "Invalid PID mode: nope",
    "Invalid IPC mode: nope",
    "conflicting options: hostname and the UTS mode",
    "fine",
    'invalid --security-opt 2: "a=b"',
    "--storage-opt is supported only for overlay over xfs with 'pquota' mount option",
  ]);
});
