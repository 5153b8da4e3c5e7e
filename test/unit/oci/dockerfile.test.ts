import { expect, test } from "vitest";
import { applyChanges } from "../../../src/oci/dockerfile/apply-changes.ts";

// Each as dockerd 20.10 answers to `docker import --change`.
test.each([
  ['ENV A=b C="d e"', { Env: ["A=b", "C=d e"] }],
  ["ENV A b c", { Env: ["A=b c"] }],
  [String.raw`ENV A=$PATH:x B=\${NO:-def} C=\$x`.replace("\\${", "${"), { Env: ["A=:x", "B=def", "C=$x"] }],
  ["CMD echo hi", { Cmd: ["/bin/sh", "-c", "echo hi"] }],
  ['CMD ["a","b"]', { Cmd: ["a", "b"] }],
  ["CMD [a", { Cmd: ["/bin/sh", "-c", "[a"] }],
  ["EXPOSE 80 90/udp", { ExposedPorts: { "80/tcp": {}, "90/udp": {} } }],
  ['LABEL a=b c="d e"', { Labels: { a: "b", c: "d e" } }],
  ["USER u:g", { User: "u:g" }],
  ["VOLUME /a /b", { Volumes: { "/a": {}, "/b": {} } }],
  ['VOLUME ["/c"]', { Volumes: { "/c": {} } }],
  ["WORKDIR rel", { WorkingDir: "/rel" }],
  ["ONBUILD RUN x", { OnBuild: ["RUN x"] }],
  ["HEALTHCHECK --interval=5s CMD true", { Healthcheck: { Test: ["CMD-SHELL", "true"], Interval: 5_000_000_000 } }],
  ["HEALTHCHECK NONE", { Healthcheck: { Test: ["NONE"] } }],
])("%s changes the configuration", (change, config) => {
  expect(applyChanges({}, [change])).toEqual(config);
});

test.each([
  ["RUN ls", "run is not a valid change command"],
  ["FOO x", "foo is not a valid change command"],
  ["EXPOSE abc", "Invalid containerPort: abc"],
  ["ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger"],
  ["ENV A", "ENV must have two arguments"],
  ["ENV", "ENV requires at least one argument"],
  ["LABEL x", "LABEL must have two arguments"],
  ["USER", "USER requires exactly one argument"],
  ["", "file with no instructions"],
])("%s is refused", (change, message) => {
  expect(() => applyChanges({}, [change])).toThrow(message);
});

test("an entrypoint drops the command that was meant for another, unless a command is given with it", () => {
  const config = { Cmd: ["old"], Env: ["A=1"] };
  expect(applyChanges(config, ['ENTRYPOINT ["e"]']).Cmd).toBeNull();
  expect(applyChanges(config, ['CMD ["new"]', 'ENTRYPOINT ["e"]', "ENV B=$A"])).toEqual({
    Cmd: ["new"],
    Entrypoint: ["e"],
    Env: ["A=1", "B=1"],
  });
});
