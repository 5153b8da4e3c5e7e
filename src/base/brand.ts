declare const brand: unique symbol;

/** A `Base` that only its parser can make: `Brand<string, "ContainerId">`. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: { readonly [K in Name]: true } };
