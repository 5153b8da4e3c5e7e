import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

/** Who a container runs as, what it may do, and how much of it. */
export const limits: readonly CompatCase[] = [
  {
    title: "users and groups by name and number, and what is added to them",
    script: `docker run --name base busybox sh -c 'echo "app:x:1500:1600:App:/home/app:/bin/sh" >> /etc/passwd; echo "staff2:x:1700:app" >> /etc/group; echo "appg:x:1600:" >> /etc/group'; docker commit base users:1 >/dev/null
for u in app app:staff2 1500:1700 :staff2 app:nosuch nosuch; do echo "== $u"; docker run --rm -u $u users:1 sh -c 'id; echo $HOME' 2>&1 | head -2 | sed 's/^docker: .*: \\(unable to find\\)/\\1/; s/OCI runtime.*process: //; s/^docker: Error response from daemon: //; s/: unknown$//; s/linux spec user: //'; done
docker run --rm -u app --group-add 42 --group-add staff2 --group-add wheel users:1 id; docker inspect -f '{{json .HostConfig.GroupAdd}}' $(docker create --group-add 42 busybox); docker run -d --name ex -u app users:1 sleep 100 >/dev/null; docker exec ex id; docker exec -u 0 ex id -u`,
  },
  {
    title: "capabilities, privilege and no-new-privileges are what was asked for",
    script: `cap() { docker run --rm "$@" busybox grep -e CapPrm -e CapEff -e CapBnd -e CapAmb -e NoNewPrivs /proc/self/status; }; cap --cap-add NET_ADMIN --cap-drop CAP_CHOWN; cap --cap-drop all; cap --cap-drop ALL --cap-add cap_net_raw --security-opt no-new-privileges:true -u 1000
for f in "--cap-add nope" "--security-opt nope" "--security-opt a=b" "--security-opt no-new-privileges=odd" "--security-opt seccomp=/nosuch"; do echo "== $f"; docker create $f busybox 2>&1 | head -1; done
docker inspect -f '{{json .HostConfig.CapAdd}} {{json .HostConfig.CapDrop}} {{.HostConfig.Privileged}} {{json .HostConfig.SecurityOpt}}' $(docker create --cap-add net_admin --cap-add ALL --cap-drop CAP_kill --privileged --security-opt no-new-privileges busybox); docker run --rm busybox sh -c 'mount -t tmpfs t /tmp; hostname new; echo $?'`,
  },
  {
    title: "sysctls and ulimits hold inside, for exec too, and those that are none are refused",
    script: `docker run --rm --sysctl net.ipv4.ip_forward=0 --sysctl kernel.shmmax=12345 --sysctl net.core.somaxconn=77 busybox sh -c 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmax /proc/sys/net/core/somaxconn'; for s in kernel.hostname=x novalue net.ipv4.nosuch=1; do docker run --rm --sysctl $s busybox true >/dev/null 2>&1; echo "$s $?"; done; docker run --rm --network host --sysctl net.ipv4.ip_forward=0 busybox true 2>&1 | head -1; docker run --rm --ipc host --sysctl kernel.shmmax=1 busybox true 2>&1 | grep -c -i -e sysctl; for s in net.ipv4.nosuch=1 net.core.somaxconn=many; do docker run --rm --sysctl $s busybox true 2>&1 | grep -o 'OCI runtime .*unknown'; done
docker run --rm --ulimit nofile=100:200 --ulimit core=0 --ulimit cpu=5 busybox sh -c 'ulimit -n; ulimit -Hn; ulimit -c; ulimit -t'; for u in nofile=20:10 nope=1 nofile=x; do docker create --ulimit $u busybox true 2>&1 | head -1; done; docker inspect -f '{{json .HostConfig.Ulimits}}' $(docker create --ulimit nofile=10:20 busybox)`,
  },
  {
    title: "pid, IPC and UTS namespaces are of its own, the engine's or another's",
    script: `docker run -d --name n1 -h first --ipc shareable busybox sleep 100 >/dev/null; docker run --rm --pid container:n1 busybox ps -o args | grep -c 'sleep 100'; docker run --rm --ipc container:n1 --pid container:n1 busybox sh -c '[ "$(readlink /proc/self/ns/ipc)" = "$(readlink /proc/1/ns/ipc)" ] && echo shared'; docker exec n1 touch /dev/shm/here; docker run --rm --ipc container:n1 busybox ls /dev/shm; docker run --rm --ipc none busybox sh -c 'ls -d /dev/shm 2>&1'; docker run --rm --pid host busybox sh -c '[ $$ -gt 1 ] && echo more'; docker run --rm --uts host busybox hostname | wc -l
docker run --rm --ipc nope busybox true 2>&1 | head -1; for f in "--pid nope" "--pid container:nosuch" "--uts host -h x"; do echo "== $f"; docker create $f busybox 2>&1 | head -1; done; docker run -d --name n2 busybox sleep 100 >/dev/null; docker run --rm --ipc container:n2 busybox true 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/g' | head -1; docker stop -t 0 n1 >/dev/null; docker run --rm --pid container:n1 busybox true 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/g' | head -1; docker inspect -f '{{.HostConfig.IpcMode}} {{.HostConfig.PidMode}} [{{.HostConfig.UTSMode}}]' $(docker create --pid host busybox)`,
  },
  {
    title: "an init is process 1 when it is asked for: it reaps, passes signals on and ends as the program does",
    script: `docker run --rm --init busybox sh -c '[ $$ -gt 1 ] && echo child; cat /proc/1/cmdline | tr "\\0" " " | cut -d " " -f 1'; docker run --rm --init busybox sh -c 'exit 7'; echo "exit $?"; docker run --rm --init busybox nosuchprogram >/dev/null 2>&1; echo "exit $?"
docker run -d --init --name i1 busybox sh -c 'trap "echo term; exit 9" TERM; (sh -c "sleep 0.2; touch /slept" &); while :; do sleep 0.1; done' >/dev/null; await has i1 /slept; until [ "$(docker exec i1 sh -c 'ps -o stat,args | grep -c "^Z"')" = 0 ]; do :; done; echo reaped; docker stop i1; docker logs i1; docker inspect -f '{{.State.ExitCode}} {{.HostConfig.Init}} {{json .Config.Cmd}} {{.Path}}' i1; docker inspect -f '{{.HostConfig.Init}}' $(docker create busybox) $(docker create --init=false busybox)`,
  },
  {
    title: "limits are kept, changed by update, and refused where nobody can have them",
    script: `docker run -d --name l1 --memory 64m --memory-swap 128m --memory-reservation 32m --cpus 0.5 --cpu-shares 512 --pids-limit 20 --oom-score-adj 100 busybox sleep 100 >/dev/null; show() { docker inspect -f '{{with .HostConfig}}{{.Memory}} {{.MemorySwap}} {{.MemoryReservation}} {{.NanoCpus}} {{.CpuQuota}} {{.CpuPeriod}} {{.CpuShares}} {{.PidsLimit}} {{.OomScoreAdj}} {{.CpusetCpus}} {{.RestartPolicy.Name}} {{.RestartPolicy.MaximumRetryCount}}{{end}}' l1; }; show; docker exec l1 cat /proc/self/oom_score_adj
docker update --cpus 0.25 --cpu-shares 256 --memory 100m --memory-swap 200m --memory-reservation 50m --pids-limit -1 --restart unless-stopped l1; show; docker update --restart no l1; show; for f in "--cpu-quota 1000" "--memory 300m" "--cpus -1" "--memory 1m" "--restart always:3" "--restart odd" "--memory-reservation 1g" "--cpuset-cpus 99"; do echo "== $f"; docker update $f l1 2>&1 | head -1; done; show; docker stop -t 0 l1 >/dev/null; docker update --memory 80m --memory-swap 160m l1; docker update l1 nosuch 2>&1 | tail -1; docker update; echo "exit $?"
for f in "--memory x" "--memory 64m --memory-swap 32m" "--memory-swap 64m" "--memory-reservation 1g --memory 64m" "--cpus 99" "--cpus x" "--cpus 0.5 --cpu-quota 1000" "--cpu-period 10" "--cpu-quota 10" "--oom-score-adj 1001" "--cpuset-cpus x" "--oom-kill-disable" "--stop-timeout x"; do echo "== $f"; docker create $f busybox 2>&1 | sed 's/^[0-9a-f]\\{64\\}$/ID/' | sort | head -2; done`,
    except: [differences.swapAccounting],
  },
  {
    title: "stop signals and timeouts, the log driver, platforms, runtimes, pulling and devices",
    script: `docker run -d --name s1 --stop-signal USR1 --stop-timeout 3 busybox sh -c 'trap "echo usr1" USR1; touch /up; while :; do sleep 0.1; done' >/dev/null; await has s1 /up; docker stop s1; docker logs s1; docker inspect -f '{{.State.ExitCode}} {{.Config.StopSignal}} {{.Config.StopTimeout}}' s1; docker run --rm --stop-signal NOPE busybox true 2>&1 | head -1
docker run --name l0 --log-driver none busybox echo shown; docker logs l0; echo "exit $?"; docker inspect -f '{{.HostConfig.LogConfig.Type}} {{json .HostConfig.LogConfig.Config}} [{{.LogPath}}]' l0; for f in "--log-opt nosuch=1" "--log-opt max-size=x" "--log-driver none --log-opt a=b"; do echo "== $f"; docker run --rm $f busybox true 2>&1 | head -1; done
for f in "--platform linux/amd64 --runtime runc" "--pull odd" "--device a:b:c:d" "--isolation nope" "--device /dev/null:rel" "--storage-opt size=1g"; do echo "== $f"; docker create $f busybox 2>&1 | sed 's/^[0-9a-f]\\{64\\}$/ID/' | head -1; done; for d in /dev/nosuch /etc/passwd; do docker run --rm --device $d busybox true 2>&1 | head -1; done; docker run --rm --pull never nosuch:1 2>&1 | head -1
docker run --rm --device /dev/null:/dev/mynull --device /dev/zero:/dev/sub/z:r busybox sh -c 'echo x > /dev/mynull && echo null; head -c 3 /dev/sub/z | wc -c; ls -l /dev/mynull | cut -c1'; docker inspect -f '{{json .HostConfig.Devices}}' $(docker create --device /dev/null:/dev/mynull:rw busybox)`,
  },
  {
    title: "sets of CPUs, swappiness, block devices' rates, and the namespaces that the host's are: had, warned of or refused",
    script: `docker run --rm --cpuset-cpus 0 --cpuset-mems 0 busybox grep -e Cpus_allowed_list -e Mems_allowed_list /proc/self/status; docker run -d --name nc1 --cpuset-cpus 0-1 busybox sleep 100 >/dev/null; docker update --cpuset-cpus 1 nc1; docker exec nc1 grep Cpus_allowed_list /proc/self/status; docker inspect -f '{{.HostConfig.CpusetCpus}}' nc1
for f in "--cpuset-cpus x" "--cpuset-mems 9" "--cpuset-mems x" "--blkio-weight 500" "--blkio-weight-device /dev/null:500" "--oom-kill-disable -m 16m" "--oom-kill-disable" "--memory-swappiness 50" "--userns host" "--cgroupns host" "--cgroupns private" "--uts host" "--memory-swap -1 -m 20m" "--cpu-shares 2" "--device-read-bps /dev/zero:1mb" "--userns odd" "--cgroupns odd" "--memory-swappiness 101"; do echo "== $f"; docker create $f busybox 2>&1 | sed 's/^[0-9a-f]\\{64\\}$/ID/' | grep -v -e '^$' -e help; done
docker run --rm --device-write-iops /dev/nosuch:10 busybox true 2>&1 | grep -o 'stat /dev/nosuch.*'; docker run --rm --userns host busybox id -u; docker run --rm --cgroupns private busybox sh -c 'cut -d : -f 3 /proc/self/cgroup | grep -vc "^/$"'; docker inspect -f '{{with .HostConfig}}{{.MemorySwappiness}} {{.OomKillDisable}} {{.UsernsMode}} {{.CgroupnsMode}} {{json .BlkioDeviceReadBps}}{{end}}' $(docker create --memory-swappiness 30 -m 16m --oom-kill-disable --userns host --cgroupns private --device-read-bps /dev/null:1kb busybox 2>/dev/null)`,
    except: [differences.swapAccounting],
  },
];
