import { networks } from "./cases/networks.ts";
import { ports } from "./cases/ports.ts";
import { volumes } from "./cases/volumes.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ networks, ports, volumes });
