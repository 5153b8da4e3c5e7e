import { limits } from "./cases/limits.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ limits });
