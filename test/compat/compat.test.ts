import { build } from "./cases/build.ts";
import { images } from "./cases/images.ts";
import { imagesInUse } from "./cases/images-in-use.ts";
import { listing } from "./cases/listing.ts";
import { objects } from "./cases/objects.ts";
import { system } from "./cases/system.ts";
import { templates } from "./cases/templates.ts";
import { compareEngines } from "./compare-engines.ts";

compareEngines({ images, imagesInUse, listing, templates, objects, system, build });
