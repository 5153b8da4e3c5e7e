import { copy } from "./cases/copy.ts";
import { events } from "./cases/events.ts";
import { exec } from "./cases/exec.ts";
import { managing } from "./cases/managing.ts";
import { sessions } from "./cases/sessions.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ exec, copy, sessions, managing, events });
