import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

/** The five states and what leads from one to another. */
export const lifecycle: readonly CompatCase[] = [
  {
    title: "run prints what the program prints and exits as it exits",
    script: `docker run --rm busybox echo hi; echo "exit $?"
docker run --rm busybox sh -c 'echo out; echo err >&2; exit 3'; echo "exit $?"`,
  },
  {
    title: "create, start, stop and rm go through the states",
    script: `docker create --name nca busybox sleep 100
docker inspect -f '{{.State.Status}} {{.State.Running}} {{.State.ExitCode}}' nca
docker start nca; docker inspect -f '{{.State.Status}} {{.State.Running}}' nca
docker stop -t 0 nca; docker inspect -f '{{.State.Status}} {{.State.Running}} {{.State.ExitCode}}' nca
docker rm nca; docker inspect nca; echo "exit $?"`,
  },
  {
    title: "pause and unpause, and what is refused of a paused container",
    script: `docker run -d --name cp busybox sleep 100
docker pause cp; docker inspect -f '{{.State.Status}} {{.State.Paused}} {{.State.Running}}' cp
docker exec cp true; echo "exit $?"
docker pause cp; echo "exit $?"
docker unpause cp; docker inspect -f '{{.State.Status}}' cp
docker unpause cp; echo "exit $?"
docker rm -f cp`,
  },
  {
    title: "a running container is not removed unless forced",
    script: `docker run -d --name cr busybox sleep 100; docker rm cr; echo "exit $?"; docker rm -f cr; docker ps -aq`,
  },
  {
    title: "a name is taken once",
    script: `docker create --name dup busybox; docker create --name dup busybox; echo "exit $?"
docker create --name other busybox; docker rename other dup; echo "exit $?"
docker rename other third; docker ps -a --format '{{.Names}} {{.Status}}'; docker rename nobody x; echo "exit $?"`,
  },
  {
    title: "what is not there is said so",
    script: `for verb in start stop kill restart pause unpause rm logs top diff wait; do docker $verb nobody; echo "$verb $?"; done
docker exec nobody true; echo "exec $?"; docker inspect nobody; echo "inspect $?"; docker port nobody; echo "port $?"`,
  },
  {
    title: "a container that does not run refuses what needs a process",
    script: `docker create --name ncc busybox true >/dev/null
for verb in kill pause unpause top; do docker $verb ncc; echo "$verb $?"; done
docker exec ncc true; echo "exec $?"; docker attach ncc; echo "attach $?"; docker stop ncc; echo "stop $?"`,
  },
  {
    title: "stop sends the stop signal, and SIGKILL when that is not heeded",
    script: `docker run -d --name ct busybox sh -c 'trap "echo term; exit 7" TERM; touch /up; while :; do sleep 0.1; done'
await has ct /up; docker stop ct; docker logs ct; docker inspect -f '{{.State.ExitCode}}' ct
docker run -d --name ck busybox sh -c 'trap "" TERM; while :; do sleep 0.1; done'
docker stop -t 1 ck; docker inspect -f '{{.State.ExitCode}} {{.State.OOMKilled}}' ck
docker run -d --name cs --stop-signal INT busybox sh -c 'trap "exit 9" INT; touch /up; while :; do sleep 0.1; done'; await has cs /up
docker stop cs; docker inspect -f '{{.State.ExitCode}}' cs`,
  },
  {
    title: "kill takes signals by name and number and refuses what is none",
    script: `docker run -d --name ck busybox sh -c 'trap "echo usr1" USR1; echo up; while :; do sleep 0.1; done'
await logged ck up
docker kill -s USR1 ck; docker kill --signal SIGUSR1 ck; docker kill -s NOPE ck; echo "exit $?"
await logged ck usr1
docker kill -s 9 ck; docker wait ck; docker kill ck; echo "exit $?"`,
  },
  {
    title: "wait prints the exit code, of one that ended and of one that ends",
    script: `docker run --name cw busybox sh -c 'exit 5'; docker wait cw
docker run -d --name cv busybox sh -c 'sleep 0.5; exit 6'; docker wait cv cw`,
  },
  {
    title: "restart and start again keep the container and its files",
    script: `docker run --name cn busybox sh -c 'echo x >> /f; wc -l < /f'; docker start -a cn; docker restart cn; docker wait cn; docker start -a cn
docker run -d --name cm busybox sleep 100; docker restart -t 0 cm; docker inspect -f '{{.State.Status}} {{.RestartCount}}' cm`,
  },
  {
    title: "exit codes 125, 126 and 127 tell whose fault it was",
    script: `docker run --rm busybox nosuchprogram; echo "exit $?"
docker run --rm busybox /nosuch/program; echo "exit $?"
docker run --rm busybox /etc; echo "exit $?"
docker run --name keepme busybox nosuchprogram; docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' keepme
docker run --rm busybox sh -c 'kill -9 $$'; echo "exit $?"
docker run --rm busybox sh -c 'kill -TERM $$; sleep 1'; echo "exit $?"`,
    except: [differences.runtimeWords],
  },
  {
    title: "prune removes what does not run",
    script: `docker create --name one busybox; docker run --name two busybox true; docker run -d --name three busybox sleep 100
docker container prune -f | head -1; docker ps -a --format '{{.Names}}'`,
  },
  {
    title: "run --rm leaves nothing, attached or detached",
    script: `docker run --rm --name gone busybox true; docker ps -aq
docker run -d --rm --name later busybox sleep 100 >/dev/null; docker stop -t 0 later; while docker inspect later >/dev/null 2>&1; do sleep 0.1; done; docker ps -aq`,
  },
  {
    title: "names of the container are what people refer to it by, and so is a prefix of its id",
    script: `id=$(docker create --name cx busybox echo found); docker start -a $(echo $id | cut -c1-8); docker rm $(echo $id | cut -c1-12) | wc -c`,
  },
];
