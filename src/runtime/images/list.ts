import { untilOf } from "../../base/until.ts";
import type { Filters, ImageSummary } from "../../docker/api/types.ts";
import type { ImageContext } from "./image-context.ts";
import { checkFilters, danglingFilter, matchesLabels, matchesReference } from "./image-filters.ts";
import type { ImageRecord } from "./image-database.ts";
import { createdOf, familiarNames, readConfig } from "./read-config.ts";

/** `GET /images/json`: newest first; without `all`, no nameless images that another was made from. */
export async function listImages(
  context: ImageContext,
  { all, filters }: { readonly all: boolean; readonly filters: Filters },
): Promise<readonly ImageSummary[]> {
  checkFilters(filters, ["dangling", "label", "label!", "before", "since", "reference", "until"]);
  const dangling = danglingFilter(filters);
  const before = await createdAt(context, filters["before"]);
  const since = await createdAt(context, filters["since"]);
  const until = untilOf(filters["until"], context.clock.now());
  const summaries: { created: Date; summary: ImageSummary }[] = [];
  for (const record of context.db.all()) {
    const config = await readConfig(context, record.id);
    const created = createdOf(config);
    if (before && created >= before) continue;
    if (since && created <= since) continue;
    if (until !== null && created.getTime() > until) continue;
    if (!matchesLabels(filters, config.config?.Labels)) continue;
    const names = visibleNames(context, record, { all, dangling, patterns: filters["reference"] });
    if (!names) continue;
    const summary = {
      Id: record.id,
      ParentId: record.parent,
      RepoTags: names.repoTags,
      RepoDigests: names.repoDigests,
      Created: Math.floor(created.getTime() / 1000),
      Size: record.size,
      SharedSize: -1,
      Labels: config.config?.Labels ?? null,
      Containers: -1,
    };
    summaries.push({ created, summary });
  }
  return summaries.toSorted((a, b) => b.created.getTime() - a.created.getTime()).map(({ summary }) => summary);
}

/** The names to show an image by, or null when it is not to be shown. */
function visibleNames(
  context: ImageContext,
  { id }: ImageRecord,
  { all, dangling, patterns }: { all: boolean; dangling: boolean | null; patterns: readonly string[] | undefined },
): ReturnType<typeof familiarNames> | null {
  const isHead = context.db.childrenOf(id).length === 0;
  // Docker looks for dangling images among those that no other was made from.
  if (dangling === true && !isHead) return null;
  const shown = context.db
    .referencesOf(id)
    .filter((reference) => !patterns || patterns.some((pattern) => matchesReference(pattern, reference)));
  if (shown.length > 0) {
    if (dangling === true && shown.some(({ digest }) => !digest)) return null;
    return familiarNames(shown);
  }
  if (patterns || dangling === false || !(all || isHead)) return null;
  // Clients of every API version know this pair for an image without a name.
  return { repoTags: ["<none>:<none>"], repoDigests: ["<none>@<none>"] };
}

async function createdAt(context: ImageContext, references: readonly string[] | undefined): Promise<Date | null> {
  const reference = references?.[0];
  if (reference === undefined) return null;
  return createdOf(await readConfig(context, context.db.require(reference).id));
}
