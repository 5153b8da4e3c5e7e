import { archiveCases } from "./cases/archives.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ archives: archiveCases });
