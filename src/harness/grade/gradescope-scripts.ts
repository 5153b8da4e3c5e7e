/** Files by their path. */
export type NewFiles = Readonly<Record<string, { readonly content: string; readonly executable?: boolean }>>;

/** Gradescope runs this once, when the autograder's image is built: as root on Ubuntu, with what was uploaded in /autograder/source. */
const SETUP = `#!/usr/bin/env bash
# Installs what Slipway needs. slipway.tgz is made by \`npm pack\` in Slipway's folder and lies beside this file.
set -euo pipefail
apt-get update
apt-get install -y --no-install-recommends ca-certificates curl perl busybox-static util-linux
curl -fsSL https://deb.nodesource.com/setup_20.x | bash -
apt-get install -y --no-install-recommends nodejs
npm install --global --ignore-scripts /autograder/source/slipway.tgz
# Nothing of the exercise is for submissions to read.
chmod -R go= /autograder/source
`;

/**
 * Gradescope runs this for each submission. The time and the number of the submission come from its metadata. A fault of ours writes no result, so that
 * Gradescope tells of a failed autograder and gives no points.
 */
const RUN = `#!/usr/bin/env bash
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 700 "$work"
node -e '
  const { created_at, previous_submissions = [] } = JSON.parse(require("fs").readFileSync("/autograder/submission_metadata.json", "utf8"));
  console.log("id,submitted,attempt,path\\nsubmission," + created_at + "," + (previous_submissions.length + 1) + ",/autograder/submission");
' >"$work/submissions.csv"
slipway grade /autograder/source/exercise --submissions "$work/submissions.csv" --out "$work/grades" --jobs 1
mkdir -p /autograder/results
slipway export gradescope /autograder/source/exercise --submissions "$work/submissions.csv" --out "$work/grades" --to /autograder/results/results.json
`;

export const gradescopeScripts: NewFiles = {
  "setup.sh": { content: SETUP, executable: true },
  run_autograder: { content: RUN, executable: true },
};
