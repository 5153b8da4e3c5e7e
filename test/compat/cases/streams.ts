import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

/** What goes in and out: logs, attach, exec, terminals. */
export const streams: readonly CompatCase[] = [
  {
    title: "stdin goes in with -i and its end is seen",
    script: `printf 'a\\nb\\n' | docker run --rm -i busybox sh -c 'cat; echo end'; printf x | docker run --rm busybox cat; echo "exit $?"
head -c 3000000 /dev/zero | docker run --rm -i busybox wc -c; docker run --rm busybox head -c 3000000 /dev/zero | wc -c`,
  },
  {
    title: "logs keep the streams apart and give the last lines",
    // One stream after the other: they are read at once, so that lines of one moment come in no certain order.
    script: `docker run -d --name cl busybox sh -c 'echo err >&2; until [ -e /go ]; do sleep 0.1; done; for i in 1 2 3; do echo out$i; done; printf unfinished' >/dev/null; await logged cl err; docker exec cl touch /go; docker wait cl
docker logs cl 2>/dev/null; echo; docker logs cl 2>&1 >/dev/null; docker logs --tail 2 cl 2>/dev/null; echo; docker logs -n 0 cl; docker logs -t cl 2>/dev/null | cut -c1-5,11
docker logs --tail nope cl | wc -l; docker logs --since 2999-01-01T00:00:00Z cl`,
  },
  {
    title: "logs -f ends with the container",
    script: `docker run -d --name ncf busybox sh -c 'for i in 1 2 3; do echo $i; sleep 0.2; done' >/dev/null; docker logs -f ncf; docker inspect -f '{{.State.Status}}' ncf`,
  },
  {
    title: "exec runs beside process 1 with its own code, user, directory and environment",
    script: `docker run -d --name nce -e A=1 busybox sleep 100 >/dev/null
docker exec nce sh -c 'echo $A; exit 4'; echo "exit $?"; docker exec -e B=2 -w /tmp -u daemon nce sh -c 'echo $A$B; pwd; id -un'
echo in | docker exec -i nce cat; docker exec -d nce touch /made; await has nce /made; docker exec nce ls /made; docker exec nce nosuch; echo "exit $?"
docker exec nce sh -c 'kill -9 $$'; echo "exit $?"; docker inspect -f '{{.State.Status}}' nce`,
    except: [differences.runtimeWords],
  },
  {
    title: "a terminal is a terminal",
    script: `docker run --rm -t busybox sh -c 'tty; test -t 0 && test -t 1 && echo yes'; docker run --rm busybox tty; echo "exit $?"; docker run --rm -t busybox sh -c 'echo $TERM'
docker run -it --rm busybox true; echo "exit $?"`,
  },
  {
    title: "start -a shows the output and gives the exit code",
    script: `docker create --name cs busybox sh -c 'echo out; exit 3' >/dev/null; docker start -a cs; echo "exit $?"; docker create -i --name ct busybox cat >/dev/null; echo hello | docker start -ai ct`,
  },
  {
    title: "attach shows what comes from then on",
    script: `docker run -d --name nca busybox sh -c 'while [ ! -e /go ]; do sleep 0.1; done; echo late; while [ ! -e /end ]; do sleep 0.1; done; exit 5' >/dev/null
attend nca; echo "exit $?"`,
  },
  {
    title: "top lists the processes",
    script: `docker run -d --name ct busybox sh -c 'sleep 100 & wait' >/dev/null; await runs ct 'sleep 100'; docker top ct | head -1; docker top ct | grep -c sleep; docker top ct -o pid,args | tail -n +2 | sed 's/^[0-9]* *//' | sort`,
  },
];
