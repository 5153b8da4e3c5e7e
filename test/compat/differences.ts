/** Something that two engines, or two versions of docker's client, show differently and must; it is taken out of what both printed. */
export interface Difference {
  readonly reason: string;
  readonly pattern: RegExp;
}

/** All that a compat case may differ in. What is not here is the same on every backend, but for what `normalise` says of ids and times. */
export const differences = {
  runtimeWords: {
    reason: "dockerd 20.10's runc words why a process cannot start otherwise than the runc of Docker 28, which ours follows",
    pattern:
      /OCI runtime.*|error mounting|starting container process caused: |unable to start container process: |container_linux\.go:\d+: |failed to create shim( task)?: |runc create failed: |: unknown\.?/g,
  },
  swapAccounting: {
    reason: "a kernel that does not count swap cannot limit it: dockerd 20.10 warns of it at other times than Docker 28 does",
    pattern: /^WARNING: .*swap.*\n/gim,
  },
  restartSignal: {
    reason: "only clients of API 1.42 and later send the signal of docker restart",
    pattern: /^(int|term|up)\n/gm,
  },
  legacyBuilder: {
    reason: "clients of version 28 call the classic builder deprecated, and tell of its context with carriage returns on a terminal's line",
    pattern: /Sending build context to Docker daemon[^\n]*\n|DEPRECATED: The legacy builder[^]*?environment-variable\.\n\n|\r/g,
  },
  copiedSize: {
    reason: "clients since 23 tell what docker cp has copied; how much is of the tar that the engine made",
    pattern: /Successfully copied.*\n|.*\u0000.*/g,
  },
  earlyAnswer: {
    reason: "docker's client complains now and then when an answer comes while it still reads what it sends",
    pattern: /time=.*level=error msg="Can't .*\n/g,
  },
} as const satisfies Readonly<Record<string, Difference>>;
