import { configInstructions, lookupIn, type Draft } from "../../oci/dockerfile/config-instructions.ts";
import type { Lookup } from "../../oci/dockerfile/process-word.ts";
import type { ImageRunConfig } from "../../oci/image-config.ts";
import type { BuildHost } from "./build-host.ts";
import type { Command } from "./command.ts";
import { parseTrigger } from "./dockerfile.ts";
import { historyText } from "./history-text.ts";

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export interface ConfigSurroundings {
  readonly lookup: Lookup;
  readonly escape: string;
  readonly host: Pick<BuildHost, "checkSignal">;
}

/** What a change of the configuration leaves: a line of history, and of EXPOSE the ports of this instruction. */
export interface ConfigChange {
  readonly text: string;
  readonly ports: readonly string[];
}

/** The configuration of a stage on its way, whoever builds it. */
export class StageConfig {
  readonly draft: Draft;
  #cmdWasSet = false;

  constructor(base: ImageRunConfig) {
    this.draft = { ...base };
    if (lookupIn(base.Env)("PATH") === undefined) this.draft.Env = [...(base.Env ?? []), defaultPath];
  }

  /** The base image's ONBUILD instructions, which are not the new image's. */
  takeTriggers(): readonly Command[] {
    const triggers = this.draft.OnBuild ?? [];
    delete this.draft.OnBuild;
    return triggers.map(parseTrigger);
  }

  /** Does an instruction that changes nothing but the configuration. @throws InvalidArgumentError */
  change(command: Command, { lookup, escape, host }: ConfigSurroundings): ConfigChange {
    const { draft } = this;
    const { keyword, text } = command;
    const exposed = draft.ExposedPorts;
    if (keyword === "EXPOSE") draft.ExposedPorts = {};
    configInstructions[keyword]?.(draft, { text, lookup, escape });
    const ports = Object.keys(draft.ExposedPorts ?? {});
    if (exposed) draft.ExposedPorts = { ...exposed, ...draft.ExposedPorts };
    if (keyword === "STOPSIGNAL") host.checkSignal(draft.StopSignal ?? "");
    if (keyword === "CMD") this.#cmdWasSet = true;
    // The command of the base image was meant for its own entrypoint.
    if (keyword === "ENTRYPOINT" && !this.#cmdWasSet) draft.Cmd = null;
    return { text: historyText(command, draft, lookup, escape), ports };
  }
}
