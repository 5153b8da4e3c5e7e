import { build } from "./cases/build.ts";
import { images } from "./cases/images.ts";
import { objects } from "./cases/objects.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ images, objects, build });
