import { expect, test } from "vitest";
import { createFields } from "../../../support/api/container-shapes.ts";
import { documentedFields } from "../../../support/api/documented-fields.ts";

const WAYS = ["honoured", "where the host has it", "warned of", "refused", "Docker's"];

test.each(Object.keys(createFields))("docs/engine-api.md says once of every field of %s how it is taken", (part) => {
  const documented = documentedFields(part);
  expect(documented.map(({ field }) => field).toSorted()).toEqual(createFields[part]?.toSorted());
  expect([...new Set(documented.map(({ how }) => how))].filter((how) => !WAYS.includes(how))).toEqual([]);
});
