import fc from "fast-check";

// CI tries the same inputs each time, so that it fails for what a change did; by hand each run tries others.
if (process.env["CI"]) fc.configureGlobal({ seed: 20_261_121 });

export { default as fc } from "fast-check";
