import type { NewFiles } from "./gradescope-scripts.ts";

const EXERCISE = `title: { en: Say hello from a container, zh: 从容器中问好 }
task:
  en: |
    Write hello.sh. Called as \`sh hello.sh NAME\` it leaves a stopped container named hello that printed "hello NAME".
  zh: |
    编写 hello.sh。以 \`sh hello.sh 名字\` 调用时，它留下一个名为 hello 的已停止的容器，该容器打印了 "hello 名字"。
handIn:
  files:
    - { path: hello.sh, executable: true, maxBytes: 20000 }
points: 4
scenarios:
  - { file: scenarios/hello.yaml }
knownBad:
  hard-coded:
    about: { en: always greets the world, zh: 总是向 world 问好 }
    points: 2
    fails:
      hello: [expect/2/logs/hello]
  removes:
    about: { en: "--rm takes the container away", zh: --rm 会删除容器 }
    points: 0
    fails:
      hello: [expect/1/containers/hello, expect/2/logs/hello]
`;

const SCENARIO = `name: hello
points: 4
images: [busybox]
steps:
  - run: sh hello.sh Ann
expect:
  - title: { en: the container is there and ended well, zh: 容器存在并正常结束 }
    points: 2
    help: { en: docker run --rm removes the container when it ends., zh: docker run --rm 会在容器结束时将其删除。 }
    containers: { hello: { status: exited, exitCode: 0 } }
  - title: { en: it greeted the name, zh: 它向该名字问好 }
    points: 2
    logs: { hello: hello Ann }
`;

/** An exercise that \`slipway exercise check\` finds right. */
export const exerciseSkeleton: NewFiles = {
  "exercise.yaml": { content: EXERCISE },
  "scenarios/hello.yaml": { content: SCENARIO },
  "solution/hello.sh": { content: '#!/bin/sh\ndocker run --name hello busybox echo "hello $1"\n', executable: true },
  "known-bad/hard-coded/hello.sh": { content: "#!/bin/sh\ndocker run --name hello busybox echo hello world\n", executable: true },
  "known-bad/removes/hello.sh": { content: '#!/bin/sh\ndocker run --rm --name hello busybox echo "hello $1"\n', executable: true },
};
