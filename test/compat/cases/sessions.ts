import type { CompatCase } from "../compat-case.ts";

/** Logs, attach, start, top and run as somebody uses them, one after the other. */
export const sessions: readonly CompatCase[] = [
  {
    title: "logs by time, tail and follow, of both streams",
    script: `docker run --name one busybox sh -c 'for i in 1 2 3; do echo out$i; sleep 0.05; done; echo err >&2; sleep 0.05; printf no-newline'; t logs one; t logs --tail 1 one; t logs --tail 2 -f one; t logs -n -5 one; t logs -n x one; t logs --tail "" one; docker logs -t one 2>&1 | cut -c 1-5,11,14,17,20,30-; docker logs --details one 2>/dev/null; docker logs --details -t one 2>/dev/null | sed 's/^[^ ]* /T /'
second=$(docker logs -t one 2>/dev/null | sed -n 2p | cut -d ' ' -f 1); docker logs --since "$second" one 2>/dev/null; docker logs --until "$second" one; docker logs --since "$second" --until "$second" one; docker logs --since "$second" --tail 1 one 2>/dev/null; t logs --since 10m --until 5m one; t logs --since -1h one; t logs --since 2999-01-01 one; t logs --until 2001-01-01T00:00 one; t logs --since 1 --until 2 one; t logs --since x one; t logs --until x one; t logs --nope one; t logs one two; t logs nosuch; t logs; t container logs -n1 one
docker run -d --name two busybox sh -c 'echo a; until [ -e /go ]; do sleep 0.05; done; echo b; exit 3' >/dev/null; (sleep 0.3; docker exec two touch /go) & t logs -f two; wait; docker create --name three busybox >/dev/null; t logs three; t logs -f three; docker run -d --name four --log-driver none busybox echo x >/dev/null; docker wait four >/dev/null; t logs four`,
  },
  {
    title: "attach takes part, keeps away from stdin, proxies signals",
    script: `docker run -d -i --name two busybox sh -c 'until [ -e /go ]; do sleep 0.05; done; echo out; echo err >&2; exit 5' >/dev/null; (sleep 0.3; docker exec two touch /go) & t attach --no-stdin --sig-proxy=false two; wait; t attach two; t attach; t attach --detach-keys ctrl-nope two; docker create --name three busybox >/dev/null; t attach three; t attach one two; t container attach nosuch
docker run -d --name five busybox sh -c 'trap "echo usr1; exit 6" USR1; touch /up; while :; do sleep 0.05; done' >/dev/null; until docker exec five test -e /up; do sleep 0.05; done; (docker attach five; echo "= $?") & sleep 0.4; pkill -USR1 -P $! docker 2>/dev/null || docker kill -s USR1 five >/dev/null; wait; docker inspect -f '{{.State.ExitCode}}' five; docker run -dt --name six busybox sleep 100 >/dev/null; t attach six </dev/null`,
  },
  {
    title: "start attaches with input, one at a time",
    script: `docker create -i --name one busybox sh -c 'cat; echo end; exit 3' >/dev/null; printf 'a\\nb\\n' | docker start -ai one; echo "= $?"; printf c | docker start -i one; echo "= $?"; docker create --name two busybox sh -c 'echo two; echo err >&2' >/dev/null; t start -a two; t start --attach=false two; docker wait two; docker logs two 2>/dev/null; t start one two; docker wait two >/dev/null; t start -a one two; t start -i one two; t start nosuch two; t start; t start --detach-keys nonsense -a two; docker run -d --name five busybox sleep 100 >/dev/null; docker pause five >/dev/null; t start five; t start -a five </dev/null; docker create -v vol:/v --name six busybox /nosuch >/dev/null; docker start six 2>/dev/null; echo "= $?"; docker start -a six 2>/dev/null; echo "= $?"; docker inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Running}}' six`,
  },
  {
    title: "top with ps's options",
    script: `docker run -d --name one busybox sh -c 'sleep 100 & exec sleep 200' >/dev/null; until [ "$(docker top one -eo pid,args | grep -c 'sleep [12]00')" = 2 ]; do sleep 0.05; done; docker top one | head -1; docker top one -eo pid,args | tail -n +2 | sed 's/^ *[0-9]* *//' | sort; t top one -eo args; docker top one -o args,pid | head -1; docker top one -eo comm,pid | tail -n +2 | sed 's/ *[0-9]*$//' | sort; docker top one -ef | awk '{print NF}' | sort -u; docker top one aux | head -1 | cut -c 1-20; docker top one -o pid,user,stat,args | tail -n +2 | awk '{print $2, $4, $5}' | sort; t top one -eo nonsense >/dev/null 2>&1; t top one --nope >/dev/null 2>&1; t top one -o args; t top; t top nosuch -o pid; docker pause one >/dev/null; docker top one -eo comm,pid | tail -n +2 | cut -d ' ' -f 1; docker unpause one >/dev/null; docker kill one >/dev/null; t top one; t container top one`,
  },
  {
    title: "run's own refusals and files",
    script: `t run --cidfile id --rm busybox true; t run --cidfile id busybox true; rm id; t run --cidfile nosuch/id busybox true; docker run --name one --cidfile ids busybox true; [ "$(cat ids)" = "$(docker inspect -f '{{.Id}}' one)" ] && echo same; t run --pull never nosuch:1 true; t run --pull nope busybox true; t run --platform linux/amd64 --rm busybox echo here; t run --platform nope/nope/nope/nope busybox true; t run --rm -d --name two busybox sleep 100 >/dev/null; t run --name two busybox true 2>&1 | sed 's/ *See .*//'; t run -d -a stdin busybox true; t run --detach-keys x,nonsense -i busybox true </dev/null; t run --name bad/name busybox; t run -w rel busybox true; t run -m 1m busybox true; t run --restart always --rm busybox true; t run --network container:nosuch busybox true; t run --network container: busybox true; t run --pid container:nosuch busybox true; t run --ipc container:nosuch busybox true; t run -h toolong.$(printf '%0260d' 0) busybox true; t run --isolation hyperv busybox true; t run --log-driver nope busybox true; t run --log-opt nope=1 busybox true; t run --gpus x busybox true; t run --cgroupns nope busybox true; t run --stop-signal NOPE busybox true; t run --stop-timeout x busybox true; docker ps -a --format '{{.Names}}' | grep -c -v -x -e one`,
  },
  {
    title: "logs --details show the labels and variables that the container's log was told to",
    script: `docker run --name one --log-opt labels=tier,nosuch --log-opt env=COLOR,NOT --log-opt env-regex='^X.$' --log-opt labels-regex=^o -l tier=web -l other=1 -l unasked=2 -e COLOR=blue -e 'XA=a b,c=%d~*' -e XAB=no busybox sh -c 'echo out; printf rest'; docker logs --details one; echo; docker logs --details --tail 1 one; echo; docker logs -t --details one | sed 's/^[^ ]*/T/'; docker logs one; docker inspect -f '{{json .HostConfig.LogConfig}}' one; docker create --log-opt nosuch=1 busybox >/dev/null; echo $?`,
  },
  {
    title: "inspect shows maps in the order of their names, and lists without anything as docker sent them",
    script: `docker create --name one -l b=1 -l a=2 --sysctl net.ipv4.ip_forward=1 --sysctl net.core.somaxconn=5 --tmpfs /z --tmpfs /a -p 90 -p 80 -v /vz -v /va --log-opt max-size=1k --log-opt env=A busybox >/dev/null; docker inspect one >inspected; for map in Labels Sysctls Tmpfs ExposedPorts Volumes LogConfig; do sed -n '/"'$map'": {/,/}/p' inspected | sed 's/},$/}/'; done; grep -E '"(80|90)/tcp": .$' inspected; docker inspect one | grep -E '"(Binds|VolumesFrom|CapAdd|CapDrop|ExtraHosts|GroupAdd|Links|SecurityOpt|BlkioWeightDevice|BlkioDevice.*|Devices|DeviceRequests|Dns|DnsOptions|DnsSearch|Ulimits)": (null|..)'
docker network create --label b=1 --label a=2 lan >/dev/null; docker network inspect -f '{{json .Labels}}' lan; docker network inspect lan | grep -A3 '"Labels": [{]'; docker volume create --label b=1 --label a=2 v >/dev/null; docker volume inspect v | grep -A3 '"Labels": [{]'`,
  },
];
