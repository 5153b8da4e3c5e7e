import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

/** Networks, volumes, published ports, and what the system tells of itself. */
export const objects: readonly CompatCase[] = [
  {
    title: "a published port is told by port, ps and inspect",
    // 20.10 listens on IPv6 where the machine has it; the script asks for IPv4 alone.
    script: `docker run -d --name cp -p 127.0.0.1:18080:80 -p 127.0.0.1:18081:90/udp --expose 7 busybox sleep 100 >/dev/null
docker port cp; docker port cp 80; docker port cp 90/udp; docker port cp 90; echo "exit $?"; docker port cp 7; echo "exit $?"; docker port cp x; echo "exit $?"
docker ps --format '{{.Ports}}'; docker inspect -f '{{json .NetworkSettings.Ports}} {{json .Config.ExposedPorts}}' cp
docker rename cp cq; docker port cq 80/tcp; docker run -d --name cr -p 127.0.0.1:0:80 busybox sleep 100 >/dev/null; docker port cr 80 | sed 's/:[0-9]*$/:n/'`,
  },
  {
    title: "networks are made, listed, looked at, and not removed while they are used",
    script: `docker network create --subnet 10.77.0.0/24 --label a=b net1 | wc -c; docker network create net1; echo "exit $?"; docker network ls --format '{{.Name}} {{.Driver}} {{.Scope}}' | sort; docker network ls -q --filter name=net1 | wc -c; docker network ls --filter label=a=b --format '{{.Name}}'
docker network inspect -f '{{.Name}} {{.Driver}} {{(index .IPAM.Config 0).Subnet}} {{.Internal}} {{.Labels}} {{len .Containers}}' net1
docker run -d --name cn --network net1 busybox sleep 100 >/dev/null; docker network inspect -f '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{end}}' net1; docker network rm net1 2>&1 | grep -c 'has active endpoints'
docker network inspect nosuch; echo "exit $?"; docker network connect nosuch cn; echo "exit $?"; docker run --rm --network nosuch busybox true; echo "exit $?"; docker network create --subnet nonsense net2; echo "exit $?"
docker rm -f cn; docker network rm net1; docker network create net3 >/dev/null; docker network prune -f`,
  },
  {
    title: "containers of a user-defined network find each other by name and alias, in and out of it",
    script: `docker network create lan >/dev/null; docker run -d --name web --network lan --network-alias site busybox sh -c 'mkdir /w; echo page > /w/index.html; httpd -f -h /w -p 80' >/dev/null
until docker exec web wget -qO- http://127.0.0.1/ 2>/dev/null; do sleep 0.1; done
docker run --rm --network lan busybox sh -c 'wget -qO- http://web/; wget -qO- http://site/; nslookup nosuch >/dev/null 2>&1; echo $?'; docker run --rm busybox sh -c 'timeout 2 wget -qO- http://web/ 2>/dev/null || echo nobody'
docker run -d --name peer busybox sleep 100 >/dev/null; docker network connect --alias other lan peer; docker exec web ping -c 1 -W 20 other | grep -c ' 0% packet loss'; docker exec peer wget -qO- http://web/; docker network disconnect lan peer; docker exec peer ls /sys/class/net | grep -c eth`,
  },
  {
    title: "a container in another's network has its address and name",
    script: `docker run -d --name one -h first busybox sleep 100 >/dev/null
docker run --rm --network container:one busybox hostname; [ "$(docker exec one ip addr show eth0)" = "$(docker run --rm --network container:one busybox ip addr show eth0)" ] && echo same
docker run --rm --network container:nosuch busybox true; echo "exit $?"; docker run --rm --network container:one -h x busybox true; echo "exit $?"; docker run --rm --network container:one -p 80:80 busybox true; echo "exit $?"`,
  },
  {
    title: "volumes are made, listed, looked at, and not removed while they are used",
    script: `docker volume create --label a=b vol1; docker volume create vol1; docker volume create | wc -c; docker volume ls -q | wc -l; docker volume ls --filter label=a=b --format '{{.Name}} {{.Driver}} {{.Labels}}'; docker volume ls --filter name=vol -q
docker volume inspect -f '{{.Name}} {{.Driver}} {{.Scope}} {{.Labels}}' vol1; docker volume inspect nosuch; echo "exit $?"; docker volume create 'a b'; echo "exit $?"
docker create --name cv -v vol1:/d -v /anonymous busybox >/dev/null; docker volume rm vol1 2>&1 | sed 's/ - .*//'; docker volume ls --filter dangling=true -q | wc -l; docker inspect -f '{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}};{{end}}' cv | tr ';' '\\n' | sort
docker rm -v cv; docker volume ls -q | wc -l; docker volume rm vol1 nosuch; echo "exit $?"; docker volume rm -f nosuch; echo "exit $?"`,
  },
  {
    title: "events tell a short life",
    script: `since=$(date +%s.%N); docker run --name nce -l k=v busybox sh -c 'exit 4'; docker rm nce >/dev/null; until=$(( $(date +%s) + 1 ))
docker events --since $since --until $until --filter type=container --format '{{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.exitCode}} {{.Actor.Attributes.k}}'
docker events --since $since --until $until --filter type=container --filter event=die | cut -d ' ' -f 2-4; docker events --since $since --until $until --filter type=container --filter event=die | sed 's/.*(//; s/, execDuration=[0-9]*//'
docker events --since $since --until $until --filter container=nosuch; docker events --since nonsense; echo "exit $?"`,
  },
  {
    title: "info, version and system df answer templates and have their heads",
    script: `docker run --name ci busybox true; docker info -f '{{.Containers}} {{.ContainersRunning}} {{.ContainersStopped}} {{.Images}} {{.OSType}} {{.Driver}}'; docker info -f '{{.Nope}}' 2>/dev/null; echo "exit $?"
docker version -f '{{.Server.Os}} {{.Client.Os}}'; docker version -f '{{' ; echo "exit $?"; docker version | grep -c -e ^Client -e ^Server; docker info | grep -c '^ Containers: 1$'
docker system df | head -1; docker system df --format '{{.Type}} {{.TotalCount}} {{.Active}}'; docker system df -v | grep -e NAME -e REPOSITORY -e CONTAINER`,
  },
  {
    title: "stats and update show and change the limits",
    script: `docker run -d --name cs --memory 64m --memory-swap 64m busybox sleep 100 >/dev/null; sampled | head -1; sampled --format '{{.Name}} {{.PIDs}} {{.MemUsage}}' cs | sed 's/ [^ ]* \\// n \\//'; docker stats --no-stream nosuch; echo "exit $?"
docker update --memory 96m --memory-swap 96m --pids-limit 50 --restart on-failure:2 cs; docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}' cs; sampled --format '{{.MemUsage}}' cs | sed 's/.* //'
docker update --memory 1k cs; echo "exit $?"; docker update --restart nope cs; echo "exit $?"; docker update nosuch --memory 64m; echo "exit $?"`,
    except: [differences.swapAccounting],
  },
  {
    title: "files of variables, labels and ids",
    script: `printf 'A=1\\n# comment\\n\\nB=two words\\nPASSED\\nNOTTHERE\\n' > vars; printf 'x=y\\nz\\n' > labels; PASSED=here docker run --env-file vars -e A=2 --label-file labels --cidfile id --name ncf busybox sh -c 'env | grep -e ^A= -e ^B= -e ^PASSED= -e ^NOTTHERE'
[ "$(cat id)" = "$(docker inspect -f '{{.Id}}' ncf)" ] && echo same; docker inspect -f '{{json .Config.Labels}}' ncf; docker run --cidfile id busybox true; echo "exit $?"; docker run --env-file nosuch busybox true; echo "exit $?"; echo '=x' > bad; docker run --env-file bad busybox true; echo "exit $?"`,
  },
  {
    title: "a restart policy starts again what failed, as often as it says",
    script: `docker run -d --name cr --restart on-failure:1 busybox sh -c 'echo try; exit 3' >/dev/null; until [ "$(docker inspect -f '{{.State.Status}} {{.RestartCount}}' cr)" = 'exited 1' ]; do sleep 0.1; done; docker logs cr; docker inspect -f '{{.State.ExitCode}} {{.HostConfig.RestartPolicy.Name}}' cr
docker run -d --name cs --restart on-failure:3 busybox true >/dev/null; docker wait cs; docker inspect -f '{{.State.Status}} {{.RestartCount}}' cs; docker run --restart nope busybox true; echo "exit $?"; docker run --rm --restart always busybox true; echo "exit $?"`,
  },
  {
    title: "a health check leads from starting to healthy and to unhealthy",
    script: `docker run -d --name ch --health-cmd 'test ! -e /bad && echo fine' --health-interval 200ms --health-retries 2 busybox sleep 100 >/dev/null; health() { docker inspect -f '{{.State.Health.Status}}' ch; }
until [ "$(health)" = healthy ]; do sleep 0.1; done; docker ps --format '{{.Status}}'; docker inspect -f '{{.State.Health.FailingStreak}} {{(index .State.Health.Log 0).ExitCode}} {{(index .State.Health.Log 0).Output}}' ch
docker ps --filter health=healthy --format '{{.Names}}'; docker exec ch touch /bad; until [ "$(health)" = unhealthy ]; do sleep 0.1; done; docker ps --format '{{.Status}}'; docker inspect -f '{{json .Config.Healthcheck.Test}}' ch`,
  },
  {
    title: "history and images have their columns",
    script: `docker run --name ch busybox touch /f; docker commit -m 'a comment' -c 'LABEL x=y' ch made:1 >/dev/null; docker history made:1 | head -1; docker history --format '{{.CreatedBy}}|{{.Size}}|{{.Comment}}' --no-trunc made:1 | head -1; docker history -q made:1 | wc -l; docker history nosuch; echo "exit $?"
docker images | head -1; docker images --filter label=x=y --format '{{.Repository}}:{{.Tag}}'; docker images --no-trunc -q made | cut -c1-7; docker images --digests | head -1; docker images nosuch; docker images --format '{{json .Repository}}' made; docker images --format 'table {{.Repository}}\\t{{.Tag}}' made`,
  },
];
