import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

const sleeper = (name: string, flags = ""): string => `docker run -d --name ${name} ${flags} busybox sleep 100 >/dev/null`;
const refused = (...lines: readonly string[]): string => lines.map((line) => `docker ${line}; echo "exit $?"`).join("\n");

/** What is done to containers, one command after the other. */
export const containers: readonly CompatCase[] = [
  {
    title: "logs choose by lines, time and stream",
    script: `docker run --name one busybox sh -c 'for i in 1 2 3 4 5; do echo line $i; done'; docker logs --tail 2 one; docker logs -n 1 one; docker logs --tail all one | wc -l; docker logs --tail=-1 one | wc -l; docker logs --until 2001-01-01 one; docker logs --since 1h one | wc -l; docker logs --until 1h one | wc -l; docker logs --timestamps -n1 one | cut -c 1-4,31- ; docker logs -f --tail 1 one; docker logs --since nonsense one; echo "exit $?"`,
  },
  {
    title: "logs of a terminal and of what was attached with input",
    script: `docker run -t --name one busybox sh -c 'echo out; echo err >&2'; docker logs one 2>/dev/null; echo typed | docker run -i --name two busybox sh -c 'read x; echo got $x; echo bad >&2' 2>/dev/null; docker logs two 2>&1 >/dev/null; docker logs two 2>/dev/null`,
  },
  {
    title: "top takes ps options, and says what is wrong with them",
    script: `${sleeper("one")}; await runs one 'sleep 100'; docker top one | wc -l; docker top one -o pid,comm | tail -1 | sed 's/^[0-9]* *//'; docker top one -eo comm | tail -1; docker top one aux | head -1 | cut -c1-4; docker container top one -o args | tail -1; docker top nosuch; echo "exit $?"; docker stop -t 0 one; docker top one; echo "exit $?"`,
  },
  {
    title: "rename keeps what it is, and gives the name free",
    script: `${sleeper("one")}; docker rename one two; docker inspect -f '{{.Name}} {{.State.Running}}' two; docker create --name one busybox >/dev/null; docker rename two one; echo "exit $?"; docker rename two two; echo "exit $?"; docker rename two /three; docker ps --format '{{.Names}}'; docker exec three hostname | wc -c; docker rename nosuch x1; echo "exit $?"; docker rename three ''; echo "exit $?"; docker rename three 'a b'; echo "exit $?"`,
  },
  {
    title: "restart starts what does not run, and stops what does, with signal and time",
    script: `docker create --name one busybox sh -c 'trap "echo int; exit" INT; trap "echo term; exit" TERM; echo up; while :; do sleep 0.1; done' >/dev/null; up() { [ "$(docker logs one | grep -c up)" = $1 ]; }; docker restart one; await up 1; docker restart -t 5 one; await up 2; docker restart -s INT -t 5 one; await up 3; docker restart --time 0 one; await up 4; docker logs one; docker restart -t x one; echo "exit $?"; docker restart nosuch one; echo "exit $?"`,
    except: [differences.restartSignal],
  },
  {
    title: "stop tells of each, takes a signal, and leaves what is stopped",
    script: `${sleeper("one")}; ${sleeper("two")}; docker stop -t 0 one two; docker stop one; docker stop -t 0 nosuch one; echo "exit $?"; docker inspect -f '{{.State.ExitCode}} {{.State.Status}}' one two; docker start one two nosuch; echo "exit $?"; docker kill one two nosuch; echo "exit $?"; docker start one; docker stop --time 0 one; docker create --name three --stop-timeout 0 busybox sleep 100 >/dev/null; docker start three; docker stop three; docker rm one two three nosuch; echo "exit $?"`,
  },
  {
    title: "pause and unpause tell of each, and a paused one is seen, copied from, stopped and removed",
    script: `${sleeper("one")}; ${sleeper("two")}; docker pause one two nosuch; echo "exit $?"; docker ps --format '{{.Names}} {{.State}}' | sort; docker ps --filter status=paused -q | wc -l; docker cp one:/etc/group - | wc -c; docker logs one; docker top one | wc -l; docker stop -t 0 one; docker rm two; echo "exit $?"; docker unpause two one; echo "exit $?"; docker restart -t 0 two; docker pause two; docker kill two; echo "exit $?"; docker rm -f two`,
  },
  {
    title: "wait prints each one's code, in the order of its words",
    script: `docker run -d --name one busybox sh -c 'sleep 0.3; exit 3' >/dev/null; docker run -d --name two busybox sh -c 'exit 4' >/dev/null; docker wait one two nosuch; echo "exit $?"; docker create --name three busybox true >/dev/null; (docker wait three; echo done) >waited & docker start three; wait; cat waited; docker container wait one`,
  },
  {
    title: "rm takes many, their volumes, links and running ones by force",
    script: `docker create --name one -v /data busybox >/dev/null; docker create --name two -v named:/data -v /other busybox >/dev/null; docker volume ls -q | wc -l; docker rm -v one; docker volume ls -q | wc -l; docker rm -v two; docker volume ls -q; ${sleeper("three")}; docker rm three; echo "exit $?"; docker rm -f three nosuch; echo "exit $?"; docker rm ''; echo "exit $?"; docker container rm nosuch; echo "exit $?"; docker container remove -f nosuch; echo "exit $?"`,
  },
  {
    title: "diff shows links, folders, moved and changed files",
    script: `docker run --name one busybox sh -c 'mkdir -p /a/b/c; echo 1 > /a/b/c/f; ln -s f /a/l; rm -r /var/spool; mkdir /var/spool; chmod 700 /root; touch /etc/group; mv /etc/passwd /etc/pw; echo x > /tmp/x; rm /tmp/x'; docker diff one | sort; docker commit one made >/dev/null; docker create --name two made >/dev/null; docker diff two; docker run --name three made sh -c 'rm -r /a/b; echo 2 > /a/new'; docker diff three | sort; docker diff nosuch; echo "exit $?"; docker container diff two`,
  },
  {
    title: "update changes limits and policy, and refuses what cannot be",
    script: `${sleeper("one", "--restart no")}; docker update --restart unless-stopped one; docker update --cpu-shares 512 --cpus 0.5 one; docker inspect -f '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.CpuShares}} {{.HostConfig.NanoCpus}}' one; docker update one; echo "exit $?"; docker update --restart on-failure:3 one; docker inspect -f '{{.HostConfig.RestartPolicy}}' one; ${refused("update --restart x one", "update --memory 1k one", "update --cpus x one", "update --memory x one", "update --restart always nosuch", "update --nope one", "update")}; docker container update --pids-limit 20 one; docker inspect -f '{{.HostConfig.PidsLimit}}' one`,
  },
  {
    title: "attach says why it cannot, and ends with what it is attached to",
    script: `docker run --name one busybox true; docker attach one; echo "exit $?"; docker attach nosuch; echo "exit $?"; ${sleeper("two")}; docker pause two >/dev/null; docker attach two; echo "exit $?"; docker unpause two >/dev/null; docker run -d --name four busybox sh -c 'until [ -e /go ]; do sleep 0.1; done; echo quiet; until [ -e /end ]; do sleep 0.1; done; exit 6' >/dev/null; attend --no-stdin four; echo "exit $?"; docker attach --detach-keys nonsense-key four; echo "exit $?"`,
  },
  {
    title: "start attaches, with input, and tells of what cannot be started",
    script: `docker create --name one busybox sh -c 'echo out; echo err >&2; exit 7' >/dev/null; docker start -a one 2>/dev/null; echo "exit $?"; docker create -i --name two busybox sh -c 'cat; exit 8' >/dev/null; echo in | docker start -ia two; echo "exit $?"; docker start -a one two; echo "exit $?"; docker start --attach nosuch; echo "exit $?"; docker create --name three busybox nosuchprogram >/dev/null; docker start three 2>/dev/null; echo "exit $?"; docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' three; ${sleeper("four")}; docker start four; echo "exit $?"; docker container start one four`,
  },
  {
    title: "run names, detaches, follows and gives back codes of its own",
    script: `docker run -d --name one busybox sleep 100 | wc -c; docker run --name one busybox true; echo "exit $?"; docker run --rm busybox sh -c 'echo a; echo b >&2' 2>&1 | sort; docker run -a stdout --rm busybox sh -c 'echo a; echo b >&2'; docker run -a stderr --rm busybox sh -c 'echo a; echo b >&2' 2>&1; docker run --rm nosuchimage:1 true 2>/dev/null; echo "exit $?"; docker run --rm --pull never nosuchimage:1 true; echo "exit $?"; docker run --rm --pull=never busybox echo here; docker run -q --rm busybox echo quiet; docker run --cidfile c --rm busybox true; wc -c < c; docker run --cidfile c --rm busybox true; echo "exit $?"; docker run --rm busybox kill -9 1; echo "exit $?"; docker run --rm busybox sh -c 'kill -INT 1; exit 9'; echo "exit $?"`,
  },
];
