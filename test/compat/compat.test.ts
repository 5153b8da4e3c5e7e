import { build } from "./cases/build.ts";
import { images } from "./cases/images.ts";
import { listing } from "./cases/listing.ts";
import { objects } from "./cases/objects.ts";
import { templates } from "./cases/templates.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ images, listing, templates, objects, build });
