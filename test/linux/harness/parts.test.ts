import { describe, expect, test } from "vitest";
import { hasNamespaces } from "../../support/engine-allowed.ts";
import { RunPlace } from "../../support/slipway-run.ts";

const PARTS = `images: [busybox]
parts:
  - name: make
    points: 2
    steps:
      - run: docker run -d --name web busybox sh -c 'echo made >>/made; exec sleep 1000' && docker exec web rm /bin/vi
        capture: { id: stdout }
      - run: docker run -d --name still busybox sleep 1000 && docker pause still && docker run -d --rm --name gone busybox sleep 1000
      - run: date +%N >drawn; cat drawn
        capture: { drawn: stdout }
    expect: { containers: { web: running, still: paused, gone: running } }
  - name: one
    needs: make
    steps:
      # It is started again in the copy, and says so once more when it comes to that.
      - until: { files: [{ container: web, path: /made, content: "made\\nmade" }] }
      - run: docker exec web cat /made && docker commit --pause=false web mine && docker rm -f web
        expect: { stdout: { contains: "made\\nmade" } }
    expect:
      - files: [{ path: drawn, content: "\${drawn}" }]
        images: { mine: { commitOf: web } }
        containers: { web: { exists: false, states: [created, running, exited, removed] }, still: paused, gone: absent }
  - name: two
    needs: make
    steps:
      - run: docker ps -aq --no-trunc --filter name=web
        expect: { stdout: "\${id}" }
    expect:
      - containers: { web: running, still: paused }
        images: { mine: absent }
        diff: { web: [A /made, C /bin, D /bin/vi] }
  - name: three
    needs: two
    steps: [{ run: docker rm -f web, expect: { exitCode: 1 } }]
  - name: four
    needs: three
    steps: [{ run: "true" }]
`;

describe.skipIf(!hasNamespaces)("parts that need another", () => {
  test("start from a copy of its root, each its own, and are blocked when it does not pass", async () => {
    using place = new RunPlace();
    place.scenario("parts", PARTS);
    const { report } = await place.run("--jobs", "2");
    expect(report.scenarios.map(({ name, outcome, reason }) => ({ name, outcome, reason }))).toEqual([
      { name: "parts/make", outcome: "pass", reason: null },
      { name: "parts/one", outcome: "pass", reason: null },
      { name: "parts/two", outcome: "pass", reason: null },
      { name: "parts/three", outcome: "fail", reason: null },
      { name: "parts/four", outcome: "blocked", reason: "it needs parts/three, which did not pass" },
    ]);
    expect({ workspaces: place.workspaces(), processes: place.processes(), mounts: place.mounts() }).toEqual({
      workspaces: [],
      processes: [],
      mounts: [],
    });
  });

  test("selected alone they have what they need done before, unreported, and in whatever order", async () => {
    using place = new RunPlace();
    place.scenario("parts", PARTS);
    const { report } = await place.run("--grep", "/one|two/", "--order", "random", "--seed", "4", "--repeat", "2");
    expect(report.scenarios.map(({ name, outcome }) => `${name} ${outcome}`).toSorted()).toEqual([
      "parts/one pass",
      "parts/one pass",
      "parts/two pass",
      "parts/two pass",
    ]);
    expect(place.workspaces()).toEqual([]);
  });
});
