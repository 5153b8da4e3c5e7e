import { archiveCases } from "./cases/archives.ts";
import { recordCases } from "./cases/records.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ archives: archiveCases, records: recordCases });
