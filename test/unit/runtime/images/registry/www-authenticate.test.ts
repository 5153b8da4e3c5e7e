import { expect, test } from "vitest";
import { parseChallenges } from "../../../../../src/runtime/images/registry/www-authenticate.ts";

test("a token's challenge tells where, for what and for whom", () => {
  const header = 'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:app:pull,push repository:b:pull"';
  expect(parseChallenges(header)).toEqual([
    {
      scheme: "bearer",
      parameters: {
        realm: "https://auth.example/token",
        service: "registry.example",
        scope: "repository:app:pull,push repository:b:pull",
      },
    },
  ]);
});

test("several challenges, bare words, odd spaces and escaped quotes are told apart", () => {
  expect(parseChallenges('Negotiate, basic  Realm = "say \\"hi\\", you" , charset=UTF-8,BEARER realm=x')).toEqual([
    { scheme: "negotiate", parameters: {} },
    { scheme: "basic", parameters: { realm: 'say "hi", you', charset: "UTF-8" } },
    { scheme: "bearer", parameters: { realm: "x" } },
  ]);
});

test("what is no challenge gives none, and what follows one is left", () => {
  expect(parseChallenges("")).toEqual([]);
  expect(parseChallenges('realm="x"')).toEqual([]);
  expect(parseChallenges('Basic realm="open')).toEqual([{ scheme: "basic", parameters: {} }]);
  expect(parseChallenges(`Basic ${"a=b,".repeat(1000)}"`)[0]?.parameters).toEqual({ a: "b" });
});
