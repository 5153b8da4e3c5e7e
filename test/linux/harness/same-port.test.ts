import { describe, expect, test } from "vitest";
import { RunPlace } from "../../support/slipway-run.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

describe.skipIf(!isBuilt || !hasNamespaces)("ports of scenarios (needs a build, and user namespaces)", () => {
  test("-p 8002:80 answers in ten scenarios at once, each time with its own page", async () => {
    using place = new RunPlace();
    for (let index = 0; index < 10; index++) {
      place.scenario(
        `s${index}`,
        `images: [busybox]
steps:
  - run: |
      docker run -d --name web -p 8002:80 busybox sh -c 'mkdir /w; echo page ${index} > /w/index.html; exec httpd -f -h /w -p 80'
      for try in $(seq 100); do docker exec web wget -qO- http://127.0.0.1/ && break; sleep 0.1; done
      # The others have it meanwhile, too.
      sleep 1
      docker port web 80/tcp
      wget -qO- http://127.0.0.1:8002/
    timeout: 60s
    expect: { exitCode: 0, stdout: { contains: ["0.0.0.0:8002", "page ${index}"] } }
`,
      );
    }
    const { exitCode, stdout } = await place.run("--jobs", "10");
    expect([exitCode, stdout.split("\n").filter((line) => line.startsWith("✓")).length]).toEqual([0, 10]);
  });
});
