import { commands } from "./cases/commands.ts";
import { containers } from "./cases/containers.ts";
import { help } from "./cases/help.ts";
import { inside } from "./cases/inside.ts";
import { lifecycle } from "./cases/lifecycle.ts";
import { streams } from "./cases/streams.ts";
import { swarm } from "./cases/swarm.ts";
import { compareEngines } from "./compare-engines.ts";

// Two files, so that one's waiting is the other's time.
compareEngines({ help, commands, containers, lifecycle, inside, streams, swarm });
