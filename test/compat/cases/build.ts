import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

const except = [differences.legacyBuilder];

const run = (dockerfile: string, options = "", after = ""): string => `cat > Dockerfile <<'END'
${dockerfile}
END
docker build ${options} .; echo "exit $?"
${after}`;

/** The classic builder. */
export const build: readonly CompatCase[] = [
  {
    title: "every instruction makes an image with its line of history",
    script: `mkdir -p d/e; echo hi > a.txt; echo two > b.txt; echo deep > d/e/f; ln -s ../a.txt d/l; chmod 755 d d/e; chmod 644 a.txt b.txt d/e/f
${run(
  `FROM busybox
RUN echo x > /x; echo from run
COPY a.txt /new/dir/
COPY a.txt b.txt /w/
COPY d /d2
COPY --chown=1:2 d/l /owned
ENV A=b C="d e"
ENV A old $A
LABEL x=y z="q w"
WORKDIR /app
WORKDIR sub
EXPOSE 80 53/udp
VOLUME /v /v2
USER 1:2
CMD ["sh","-c","cat /w/* /d2/e/f /owned; ls -ln /d2 /owned | awk '{print $1,$3,$4}'; pwd; id -u; echo $A"]
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --retries=3 CMD true
ARG Q=1
ARG R
RUN echo $Q
SHELL ["/bin/sh","-ec"]
ONBUILD RUN echo ob
MAINTAINER me
ENTRYPOINT []
ADD --chown=3 *.txt ./`,
  "-t build-a -t build-b:1",
)}
docker run --rm build-a; docker history --no-trunc --format '{{.CreatedBy}}|{{.Size}}' build-b:1 | sed -E 's/[0-9a-f]{64}/HASH/' | grep -v Imported
docker inspect -f '{{.Author}} {{len .RootFS.Layers}} {{.Config.User}} {{.Config.WorkingDir}} {{.Config.StopSignal}} {{json .Config.Env}} {{json .Config.Cmd}} {{json .Config.Shell}} {{json .Config.OnBuild}} {{json .Config.Labels}} {{json .Config.Volumes}} {{len .Config.ExposedPorts}} {{json .Config.Healthcheck}} {{len .Config.Entrypoint}}' build-a`,
    except,
  },
  {
    title: "the same files are found in the cache, changed ones are not",
    script: `echo 1 > f; ${run("FROM busybox\nCOPY f /f\nRUN cat /f", "-q >/dev/null")}
touch -d 2001-01-01 f; docker build . | grep -c cache; echo 2 > f; docker build . | grep -e cache -e '^2'; docker build --no-cache . | grep -c cache; docker build --build-arg X=1 . | grep Warning`,
    except,
  },
  {
    title: "what is wrong with a Dockerfile is said in its words",
    script: [
      "FROM busybox\nFOO x",
      "",
      "# nothing",
      "RUN x",
      "FROM busybox\nCOPY a",
      "FROM busybox\nENV x",
      "FROM busybox\nLABEL a=b c",
      "FROM busybox\nSHELL x",
      "FROM busybox foo",
      "FROM busybox AS 1x",
      "FROM busybox\nCOPY --foo=1 a b",
      "FROM busybox\nHEALTHCHECK foo",
      "FROM busybox\nONBUILD FROM x",
      "FROM busybox\nUSER",
    ]
      .map((text) => `printf '${text.replaceAll("\n", "\\n")}${text === "" ? "" : "\\n"}' > Dockerfile; docker build . ; echo "exit $?"`)
      .join("\n"),
    except,
  },
  {
    title: "values that no instruction takes are refused in its words",
    script: [
      "FROM busybox\nENV =x",
      "FROM busybox\nARG =x",
      "FROM busybox\nLABEL =x",
      "FROM busybox\nHEALTHCHECK --retries=-1 CMD true",
      "FROM busybox\nHEALTHCHECK --interval=1us CMD true",
      "FROM busybox\nHEALTHCHECK --timeout=-1s CMD true",
      "FROM busybox\nHEALTHCHECK --start-period=x CMD true",
      "FROM busybox\nCOPY --chmod=755 Dockerfile /",
      "FROM busybox\nRUN --mount=type=tmpfs,target=/x true",
    ]
      .map((text) => `printf '${text.replaceAll("\n", "\\n")}\\n' > Dockerfile; docker build . ; echo "exit $?"`)
      .join("\n"),
    except,
  },
  {
    title: "a step that fails ends the build with its exit code",
    script: `echo a > a; ${[
      "RUN exit 7",
      "COPY nope /x",
      "COPY *.nope /x/",
      "COPY ../x /x",
      "COPY a Dockerfile /x",
      "COPY --from=5 a /x",
      "EXPOSE abc",
      "STOPSIGNAL foo",
    ]
      .map((line) => run(`FROM busybox\n${line}`))
      .join("\n")}
docker build -f Nope . 2>&1 | grep -c Nope; docker build --target nope .; echo "exit $?"; docker ps -q | wc -l`,
    except,
  },
  {
    title: "stages, targets and arguments before FROM",
    script: `${run('ARG V=nope\nFROM $V AS one\nARG V\nRUN echo v=$V > /out\nFROM scratch AS two\nCOPY --from=one /bin/busybox /bin/sh\nCOPY --from=0 /out /out\nCOPY --from=busybox /etc/group /etc/\nRUN read x < /out; echo "got $x"', "--build-arg V=busybox -t staged")}
docker build --build-arg V=busybox --target one --label k=v -t one . | tail -3; docker inspect -f '{{.Config.Labels.k}}' one; docker run --rm one cat /out; ${run("FROM scratch")}`,
    except,
  },
  {
    title: "triggers run in the next build, and its ENTRYPOINT takes CMD away",
    script: `echo a > a.txt; ${run('FROM busybox\nONBUILD RUN echo ob\nONBUILD COPY a.txt /\nCMD x\nENTRYPOINT ["y"]', "-t onb")}
docker inspect -f '{{.Config.Cmd}} {{.Config.Entrypoint}} {{.Config.OnBuild}}' onb; ${run('FROM onb\nENTRYPOINT ["cat", "/a.txt"]', "-t next")}
docker inspect -f '{{.Config.Cmd}} {{.Config.Entrypoint}} {{.Config.OnBuild}}' next; docker run --rm next`,
    except,
  },
  {
    title: "ADD unpacks archives, and .dockerignore leaves out",
    script: `mkdir -p t/sub ctx/keep; echo 1 > t/one; echo 2 > t/sub/two; tar czf ctx/x.tgz -C t .; echo junk > ctx/junk.gz; echo log > ctx/a.log; echo log > ctx/keep/b.log; echo yes > ctx/keep/c.log; cd ctx; printf '**/*.log\\n!keep/c.log\\nDockerfile\\n.dockerignore\\n' > .dockerignore
${run("FROM busybox\nADD x.tgz /ar/\nADD x.tgz junk.gz /ar2/\nCOPY x.tgz /cp\nCOPY . /all\nRUN find /ar /ar2 /cp /all | sort", "-t ignored")}`,
    except,
  },
  {
    title: "limits of a build hold for its RUN, and what a daemon cannot do is refused",
    except,
    script: `printf 'FROM busybox\\nRUN cat /sys/fs/cgroup/cpu/cpu.shares /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpuset/cpuset.cpus /sys/fs/cgroup/memory/memory.limit_in_bytes; df -k /dev/shm | tail -1 | tr -s " " | cut -d " " -f 2; ulimit -n\\n' > Dockerfile; docker build --no-cache --cpu-shares 512 --cpu-period 100000 --cpu-quota 50000 --cpuset-cpus 0 -m 64m --shm-size 8m --ulimit nofile=99 . | grep -v -e '--->' -e Removing -e Success
for f in "--isolation hyperv" "--security-opt a=b" "--isolation default"; do echo "== $f"; docker build -q $f . >/dev/null; echo "exit $?"; done; t build --squash .; docker build -c x . >/dev/null 2>&1; echo "exit $?"; docker build --memory-swap x . >/dev/null 2>&1; echo "exit $?"`,
  },
  {
    title: "contexts from stdin, quiet builds and id files",
    script: `printf 'FROM busybox\\nRUN echo hi > /hi\\n' | docker build -t fromstdin -; docker run --rm fromstdin cat /hi; printf 'FROM busybox\\nCOPY f /f\\n' > Dockerfile; echo f > f; tar cf - . | docker build -t fromtar -; printf 'FROM busybox\\nCOPY f /g\\n' | docker build -q -f - --iidfile id . | cut -c1-7; [ "$(cat id)" = "$(docker inspect -f '{{.Id}}' "$(cat id)")" ] && echo same
printf 'FROM busybox\\nRUN echo out; exit 3\\n' | docker build -q -; echo "exit $?"; docker build nosuch; echo "exit $?"`,
    except,
  },
];
