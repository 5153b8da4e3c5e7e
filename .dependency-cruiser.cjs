/** The layer picture of docs/architecture.md: imports read downhill, neighbours on one line do not know each other. */
const layers = [
  // [name, folder, what it may import besides its own folder, oci and base]
  [
    "harness-cli",
    "harness/cli",
    [
      "harness/grade",
      "harness/report",
      "harness/verdict",
      "harness/run",
      "harness/targets",
      "harness/plan",
      "harness/scenario",
      "docker/client",
      "docker/api",
    ],
  ],
  [
    "harness-grade",
    "harness/grade",
    ["harness/report", "harness/verdict", "harness/run", "harness/targets", "harness/plan", "harness/scenario"],
  ],
  ["harness-report", "harness/report", ["harness/verdict", "harness/run", "harness/targets", "harness/plan", "harness/scenario"]],
  ["harness-verdict", "harness/verdict", ["harness/run/observe", "harness/plan", "harness/scenario", "docker/api"]],
  ["harness-run", "harness/run", ["harness/verdict", "harness/targets", "harness/plan", "harness/scenario", "docker/client", "docker/api"]],
  ["harness-targets", "harness/targets", ["harness/plan", "harness/scenario", "docker/client", "docker/api"]],
  ["harness-plan", "harness/plan", ["harness/scenario"]],
  ["harness-scenario", "harness/scenario", []],
  ["docker-cli", "docker/cli", ["docker/client", "docker/api"]],
  ["docker-server", "docker/server", ["docker/api"]],
  ["docker-client", "docker/client", ["docker/api"]],
  ["docker-api", "docker/api", []],
  [
    "engine",
    "runtime/engine",
    [
      "runtime/build",
      "runtime/images",
      "runtime/containers",
      "runtime/networks",
      "runtime/volumes",
      "runtime/content",
      "runtime/snapshots",
      "runtime/sandbox",
      "runtime/kernel",
      "runtime/root-layout",
      "docker/api",
    ],
  ],
  [
    "build",
    "runtime/build",
    [
      "runtime/images",
      "runtime/containers",
      "runtime/volumes",
      "runtime/content",
      "runtime/snapshots",
      "runtime/sandbox",
      "runtime/kernel",
      "docker/api",
    ],
  ],
  ["images", "runtime/images", ["runtime/content", "runtime/snapshots", "runtime/kernel", "docker/api"]],
  [
    "containers",
    "runtime/containers",
    ["runtime/volumes", "runtime/images", "runtime/content", "runtime/snapshots", "runtime/sandbox", "runtime/kernel", "docker/api"],
  ],
  ["networks", "runtime/networks", ["runtime/kernel", "docker/api"]],
  ["volumes", "runtime/volumes", ["runtime/snapshots", "runtime/kernel", "docker/api"]],
  ["content", "runtime/content", ["runtime/kernel"]],
  ["snapshots", "runtime/snapshots", ["runtime/content", "runtime/kernel"]],
  ["sandbox", "runtime/sandbox", ["runtime/kernel"]],
  ["launch", "runtime/launch", ["runtime/sandbox", "runtime/kernel", "runtime/root-layout"]],
  ["kernel", "runtime/kernel", ["docker/api"]],
  ["provision", "provision", []],
  ["oci", "oci", []],
];

const folders = (names) => names.map((name) => name.replaceAll("/", "\\/")).join("|");

module.exports = {
  forbidden: [
    ...layers.map(([name, folder, below]) => ({
      name: `${name}-reads-downhill`,
      severity: "error",
      from: { path: `^src/${folder}(/|\\.)` },
      to: { path: "^src/", pathNot: `^src/(${folders([folder, ...below, ...(folder === "oci" ? [] : ["oci"]), "base"])})(/|\\.)` },
    })),
    // A container's record has the mounts that volumes decided, and tells images and volumes who uses them: by type alone.
    {
      name: "containers-know-their-neighbours-by-type",
      severity: "error",
      from: { path: "^src/runtime/containers/" },
      to: { path: "^src/runtime/(volumes|images)/", dependencyTypesNot: ["type-only"] },
    },
    // Commands run in the engine's process in their callers' stead: these alone see files and programs, after `context.ownProcess()`.
    {
      name: "commands-touch-no-files-of-the-process-they-run-in",
      severity: "error",
      from: {
        path: "^src/docker/cli/",
        pathNot:
          "/(files/(local-\\w+|copy-(from|to)-container)|build|build/(context|git-context|output|secrets)|config-file|registry/credential-helper|container-request/create-container|version-line)\\.ts$",
      },
      to: { path: "^(node:)?(fs|fs/promises|child_process|os|process|worker_threads)$" },
    },
    { name: "base-knows-nobody", severity: "error", from: { path: "^src/base/" }, to: { path: "^src/", pathNot: "^src/base/" } },
    { name: "nobody-imports-bin", severity: "error", from: { path: "^src/(?!bin/)" }, to: { path: "^src/bin/" } },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"] },
    doNotFollow: { path: "node_modules" },
  },
};
