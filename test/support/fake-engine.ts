import type { Engine } from "../../src/docker/api/engine.ts";

/** An engine that can only do what `methods` say; anything else that is asked of it fails the test by its name. */
export function fakeEngine(methods: Partial<Engine>): Engine {
  return new Proxy(methods as Engine, {
    get(target, name) {
      return (
        (target as unknown as Record<string | symbol, unknown>)[name] ??
        (() => {
          throw new Error(`the fake engine has no ${String(name)}`);
        })
      );
    },
  });
}
