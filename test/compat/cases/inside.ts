import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

/** What a container sees of itself. */
export const inside: readonly CompatCase[] = [
  {
    title: "process 1, hostname, user, work directory and environment",
    script: `docker run --rm -h box busybox sh -c 'echo $$; hostname; id; pwd; env | sort'
docker run --rm -w /a/b -e X=1 -e Y= -e 'Z=a b' busybox sh -c 'pwd; env | sort | grep -v HOSTNAME'
FROMHOST=yes docker run --rm -e FROMHOST -e NOTTHERE busybox env | grep -c -e FROMHOST=yes -e NOTTHERE`,
  },
  {
    title: "capabilities, seccomp-less limits and no_new_privs",
    script: `docker run --rm busybox grep -E 'Cap|NoNewPrivs' /proc/self/status
docker run --rm --cap-drop ALL --cap-add CHOWN busybox grep Cap /proc/self/status
docker run --rm --user 1000 busybox grep Cap /proc/self/status
docker run --rm --security-opt no-new-privileges busybox grep NoNewPrivs /proc/self/status
docker run --rm --cap-add NOPE busybox true; echo "exit $?"`,
  },
  {
    title: "devices, masked paths and read-only paths",
    script: `docker run --rm busybox sh -c 'ls /dev | sort; echo; ls -l /dev/fd /dev/stdin /dev/ptmx | sed "s/.*[0-9] //"; head -c 3 /dev/zero | wc -c; echo x > /dev/null && echo null'
docker run --rm busybox sh -c 'wc -c < /proc/kcore; ls /proc/acpi /proc/scsi /sys/firmware | wc -l; echo 1 > /proc/sysrq-trigger; echo 1 > /proc/sys/kernel/domainname; mkdir /sys/x' 2>/dev/null`,
  },
  {
    title: "hosts, hostname and resolv.conf are its own",
    // Sorted, since newer dockerds write nameservers first.
    script: `docker run --rm -h box --add-host other:1.2.3.4 busybox cat /etc/hosts /etc/hostname
docker run --rm --dns 9.9.9.9 --dns-search example.org busybox cat /etc/resolv.conf | sort`,
  },
  {
    title: "the default bridge gives an address and a route",
    script: `docker run --rm busybox sh -c 'ip -4 addr show eth0 | grep -o "inet [0-9.]*/[0-9]*"; ip route | head -1; ping -c 1 -W 20 172.17.0.1 | grep -c "1 packets received"'
docker run --rm --network none busybox sh -c 'ls /sys/class/net | grep -c eth0'
docker run -d --name ci busybox sleep 100 >/dev/null; docker inspect -f '{{.NetworkSettings.Gateway}} {{.NetworkSettings.IPPrefixLen}} {{range $k, $v := .NetworkSettings.Networks}}{{$k}}{{end}}' ci`,
  },
  {
    title: "users by name and number, and those that are not there",
    script: `docker run --rm -u daemon busybox id; docker run --rm -u 1234:5678 busybox id -u; docker run --rm -u 1:0 busybox id
docker run --rm -u nosuch busybox true; echo "exit $?"`,
    except: [differences.runtimeWords],
  },
  {
    title: "volumes: named, bound, anonymous, read-only and tmpfs",
    script: `docker run --rm -v data:/d busybox sh -c 'echo kept > /d/f'; docker run --rm -v data:/d:ro busybox sh -c 'cat /d/f; echo x > /d/f'; echo "exit $?"
mkdir host; echo mine > host/f; docker run --rm -v "$PWD/host:/h" busybox sh -c 'cat /h/f; echo theirs > /h/g'; cat host/g
docker run --rm --tmpfs /t busybox sh -c 'grep -c " /t tmpfs" /proc/mounts'; docker run --rm --read-only busybox sh -c 'echo x > /f'; echo "exit $?"
docker volume ls -q; docker volume rm data; docker run --rm -v nota/b:c busybox true; echo "exit $?"`,
  },
  {
    title: "limits of files and processes",
    script: `docker run --rm --ulimit nofile=100:200 busybox sh -c 'ulimit -n; ulimit -Hn'; docker run --rm --pids-limit 5 busybox sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 5 & done' 2>&1 | grep -c "can't fork"
docker run --rm --shm-size 1m busybox df -k /dev/shm | tail -1 | awk '{print $1, $2}'`,
  },
  {
    title: "out of memory is SIGKILL and is told",
    script: `docker run --name oom --memory 16m --memory-swap 16m busybox sh -c 'tail /dev/zero; echo "tail $?"; sleep 1' ; docker inspect -f '{{.State.OOMKilled}} {{.HostConfig.Memory}}' oom`,
    except: [differences.swapAccounting],
  },
];
