import type { CompatCase } from "../compat-case.ts";

/** What is asked of containers that are there, several at once. */
export const managing: readonly CompatCase[] = [
  {
    title: "stats once, by name, by format, and of what is not there",
    script: `docker run -d --name one --memory 64m --memory-swap 64m --pids-limit 9 busybox sleep 100 >/dev/null; docker create --name two busybox >/dev/null
sampled one | head -1; sampled --format '{{.Name}} {{.Container}} {{.PIDs}}' one; sampled --format 'table {{.Name}}\\t{{.PIDs}}' one two; sampled -a --format '{{.Name}}' | sort; sampled --no-trunc --format '{{.ID}}'; sampled --format json one | tr ',' '\\n' | cut -d : -f 1; sampled --format '{{.MemUsage}}|{{.MemPerc}}|{{.CPUPerc}}|{{.NetIO}}|{{.BlockIO}}' two; sampled --format '{{.MemUsage}}' one | sed 's/.* //'
t stats --no-stream nosuch; t stats --no-stream one nosuch --format '{{.Name}}'; t stats --nope; t stats --no-stream --format '{{.Nope}}' one; t stats --no-stream --format '{{' one; sampled --format '{{.Name}}' one; docker kill one >/dev/null; docker stats --no-stream | wc -l; docker stats --no-stream --format '{{.Name}} {{.PIDs}} {{.MemUsage}}' one`,
  },
  {
    title: "port tells one, all, and what is not published",
    script: `docker run -d --name one -p 127.0.0.1:28080:80 -p 127.0.0.1:28081:80/udp -p 127.0.0.1:28090-28091:90-91 --expose 5 busybox sleep 100 >/dev/null; docker create --name two -p 127.0.0.1:1:80 busybox >/dev/null; docker run -d --name three busybox sleep 100 >/dev/null
t port one; t port one 80; t port one 80/tcp; t port one 80/udp; t port one 91; t port one 5; t port one 99; t port one 80/nope; t port one x; t port one ''; t port one 80 81; t port two; t port two 80; t port three; t port nosuch; t port; t container port one 90/tcp
docker stop -t 0 one >/dev/null; t port one; docker ps -a --format '{{.Names}} {{.Ports}}' | sort; docker start one >/dev/null; t port one 90`,
  },
  {
    title: "wait for several, pause and unpause several, rename and its refusals",
    script: `docker run -d --name one busybox sh -c 'sleep 0.3; exit 3' >/dev/null; docker run -d --name two busybox sh -c 'sleep 0.1; exit 4' >/dev/null; docker create --name three busybox >/dev/null; docker run -d --name four busybox sleep 100 >/dev/null; docker run -d --name five busybox sleep 100 >/dev/null
t wait one two; t wait two nosuch one; t wait; t container wait one; (sleep 0.3; docker kill -s KILL four >/dev/null) & t wait four; wait; docker start four >/dev/null; t pause four five; t pause four five three nosuch; docker ps --filter status=paused --format '{{.Names}}' | sort; t stop -t 0 four; t start five; t kill five; docker start five >/dev/null; t unpause four five; t unpause five nosuch three; t pause; t restart -t 0 four nosuch five; docker pause five >/dev/null; t restart -t 0 five; docker inspect -f '{{.State.Status}}' five; docker pause five >/dev/null; t rm five; t rm -f five; docker ps -a --format '{{.Names}}' | sort
t rename one one; t rename one two; t rename one /ten; t rename ten a; t rename ten .a; t rename ten -a; t rename ten 'a/b'; t rename ten "$(docker inspect -f '{{.Id}}' two)"; t rename ten; t rename nosuch x; t rename ten two x; docker ps -a --format '{{.Names}}' | sort`,
  },
  {
    title: "kill by signal, stop by time, restart, and rm in all its ways",
    script: `docker run -d --name one busybox sh -c 'trap "exit 5" USR1; trap "" TERM; touch /up; while :; do sleep 0.05; done' >/dev/null; until docker exec one test -e /up; do sleep 0.05; done
t kill -s USR1 one; docker wait one; t kill one; t kill -s 0 one; t kill -s 99 one; t kill -s '' one; t kill -s SIGNOPE one; t kill nosuch one; t start one; until docker exec one test -e /up; do sleep 0.05; done; t kill -s sigterm one; t kill --signal=TERM one; t kill -s WINCH one; docker inspect -f '{{.State.Status}}' one; t stop -t 0 one; docker inspect -f '{{.State.ExitCode}}' one; t stop one; t stop one nosuch; t stop -t x one; t stop --time 1 one; t stop -s KILL one; t stop --signal NOPE one; docker start one >/dev/null; t restart -t 0 one; t restart --nope one; t restart
docker create --name two -v anon:/v -v /a busybox >/dev/null; t rm one; t rm -f nosuch; t rm nosuch two; t rm -v two; docker volume ls -q | grep -c .; docker create --name three --link one:alias busybox >/dev/null; t rm -l nosuch/x; t rm --link three/alias; t rm -l one; docker inspect -f '{{.HostConfig.Links}}' three; t rm -fv one three; t rm --volumes --force; t rm -z x; t container remove nosuch`,
  },
  {
    title: "update, one and several, and what can not be",
    script: `docker run -d --name one --memory 64m --memory-swap 128m busybox sleep 100 >/dev/null; docker create --name two busybox >/dev/null
t update --cpu-shares 300 --cpu-period 50000 --cpu-quota 20000 one two; docker inspect -f '{{.HostConfig.CpuShares}} {{.HostConfig.CpuPeriod}} {{.HostConfig.CpuQuota}} {{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}' one two; t update --cpus 1 one; t update --cpus 2 --cpu-quota 1000 two; t update --memory 256m one; t update --pids-limit -1 one; docker inspect -f '{{.HostConfig.PidsLimit}}' one; t update --cpuset-cpus 99 one; t update --cpuset-cpus x one; t update --memory-reservation 1g one; t update --restart always:3 one; t update --restart no one nosuch two; t update --kernel-memory x one; docker rm -f two >/dev/null; t update --cpu-shares 2 two; t update -m 70m --memory-swap 60m one; t update -c 1024 one`,
  },
];
