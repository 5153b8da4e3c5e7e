import type { CommitOptions, ImageBackend } from "../../api/engine.ts";
import type { ContainerConfig } from "../../api/types.ts";
import type { Exchange } from "../exchange.ts";
import { containerConfigShape } from "../request-shapes.ts";
import { del, get, post, type Route } from "../router.ts";
import { imageInspectView, imageView } from "../version-views.ts";

/** Images as a list of things; their bytes travel in `image-transfer.ts`. */
export function imageRoutes(backend: ImageBackend): readonly Route[] {
  return [
    get("/images/json", async (exchange) => {
      const { query } = exchange;
      const sharedSize = exchange.minorVersion >= 42 && query.flag("shared-size");
      const options = { all: query.flag("all"), filters: query.filters(), sharedSize };
      await exchange.sendMade(200, async () => {
        const images = await backend.listImages(options);
        return images.map((image) => imageView(image, exchange.minorVersion));
      });
    }),
    post("/images/prune", async (exchange) => exchange.sendJson(200, await backend.pruneImages(exchange.query.filters()))),
    get("/images/{name:any}/json", async (exchange) => {
      const image = await backend.inspectImage(exchange.parameter("name"));
      exchange.sendJson(200, imageInspectView(image, exchange.minorVersion));
    }),
    get("/images/{name:any}/history", async (exchange) => {
      exchange.sendJson(200, await backend.imageHistory(exchange.parameter("name")));
    }),
    post("/images/{name:any}/tag", async (exchange) => {
      const { query } = exchange;
      await backend.tagImage(exchange.parameter("name"), { repo: query.text("repo"), tag: query.text("tag") });
      exchange.sendEmpty(201);
    }),
    del("/images/{name:any}", async (exchange) => {
      const { query } = exchange;
      const options = { force: query.flag("force"), noPrune: query.flag("noprune") };
      exchange.sendJson(200, await backend.removeImage(exchange.parameter("name"), options));
    }),
    post("/commit", (exchange) => commit(backend, exchange)),
  ];
}

async function commit(backend: ImageBackend, exchange: Exchange): Promise<void> {
  const { query } = exchange;
  const config = await exchange.readJson<ContainerConfig | null>("ContainerConfig", containerConfigShape, null);
  const options: CommitOptions = {
    container: query.text("container"),
    repo: query.text("repo"),
    tag: query.text("tag"),
    comment: query.text("comment"),
    author: query.text("author"),
    pause: query.flag("pause", true),
    changes: query.list("changes"),
    // docker sends an empty object when nothing is to be changed.
    config: config && Object.keys(config).length > 0 ? config : null,
  };
  exchange.sendJson(201, await backend.commitContainer(options));
}
