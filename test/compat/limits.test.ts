import { limits } from "./cases/limits.ts";
import { rarerFlags } from "./cases/rarer-flags.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ limits, rarerFlags });
