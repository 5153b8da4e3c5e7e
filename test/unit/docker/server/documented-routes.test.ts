import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { routesOf } from "../../../../src/docker/server/routes.ts";
import { fakeEngine } from "../../../support/fake-engine.ts";

/** Groups that answer alike whatever is asked stand as one line: `any /swarm`. */
const WHOLE = ["/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs"];

function served(): readonly string[] {
  const routes = routesOf(fakeEngine({})).map(({ method, path }) => {
    const whole = WHOLE.find((group) => path === group || path === `${group}/{rest:any}`);
    return whole ? `any ${whole}` : `${method} ${path.replaceAll(":any", "").replace("/?", "")}`;
  });
  return [...new Set(routes)].toSorted();
}

test("docs/engine-api.md lists every endpoint that is served, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/engine-api.md", import.meta.url), "utf8");
  const [, table = ""] = /^## Endpoints$([^]*?)^## /m.exec(page) ?? [];
  const documented = [...table.matchAll(/`((?:GET|HEAD|POST|PUT|DELETE|any) \/[^`]*)`/g)].map(([, endpoint = ""]) => endpoint);
  expect(documented.toSorted()).toEqual(served());
});
