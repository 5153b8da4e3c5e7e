import type { CompatCase } from "../compat-case.ts";

/** Flags of `run` that few give: what they do, and what they refuse. */
export const rarerFlags: readonly CompatCase[] = [
  {
    title: "health checks by flag: what is too short, a time limit, a time to start, and what events tell",
    script: `for f in "--health-timeout 1us" "--health-interval 100us" "--health-start-period 10us" "--health-interval -1s" "--health-timeout x" "--no-healthcheck --health-cmd true"; do echo "== $f"; docker create $f busybox true 2>&1 | head -1; done; docker ps -aq
docker inspect -f '{{json .Config.Healthcheck}}' $(docker create --health-cmd 'true || false' --health-interval 2s --health-timeout 3s --health-start-period 4s --health-retries 5 busybox) $(docker create --health-timeout 1s busybox) $(docker create --no-healthcheck busybox)
since=$(date +%s.%N); docker run -d --name slow --health-cmd 'sleep 100' --health-interval 50ms --health-timeout 1s --health-retries 1 busybox sleep 100 >/dev/null; state() { docker inspect -f "{{.State.Health.Status}}" $1; }; until [ "$(state slow)" = unhealthy ]; do sleep 0.1; done; docker inspect -f '{{with index .State.Health.Log 0}}{{.ExitCode}} {{.Output}}{{end}}' slow; docker rm -f slow; told() { docker events --since $since --until $(date +%s.%N) --filter event=health_status --filter container=$1 --format '{{.Actor.Attributes.name}} {{.Action}}'; }; told slow
docker run -d --name early --health-cmd 'test -e /ok' --health-interval 50ms --health-retries 99 --health-start-period 100s busybox sleep 100 >/dev/null; until [ "$(docker inspect -f '{{len .State.Health.Log}}' early)" -gt 1 ]; do sleep 0.1; done; docker inspect -f '{{.State.Health.Status}} {{.State.Health.FailingStreak}}' early; docker ps --filter health=starting --format '{{.Names}} {{.Status}}'; docker exec early touch /ok; until [ "$(state early)" = healthy ]; do sleep 0.1; done; told early; docker rm -f early`,
  },
  {
    title: "a GPU is asked for in vain when the container starts",
    script: `t create --name one --gpus all busybox true >/dev/null; t start one; t inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}' one; t run --name two --gpus '"device=1,2","capabilities=gpu,utility"' busybox true; t run --rm --gpus 2 busybox true; t ps -a --format '{{.Names}} {{.Status}}'`,
  },
  {
    title: "a volume driver is the volumes' that are made, and not the binds'",
    // What makes a volume with it takes dockerd a quarter of a minute to refuse: test/unit/runtime/volumes has that.
    script: `mkdir h; docker run --rm --volume-driver nosuch -v "$PWD/h:/x" busybox echo bound; docker run --rm --volume-driver local -v vd:/x busybox echo local; docker volume ls --format '{{.Name}} {{.Driver}}'; docker inspect -f '{{.HostConfig.VolumeDriver}}' $(docker create --volume-driver nosuch busybox)`,
  },
  {
    title: "how a bind goes down to what is mounted below, and what does not go together",
    script: `mkdir h; echo one > h/f; for o in bind-nonrecursive bind-recursive=disabled bind-recursive=enabled readonly,bind-recursive=writable; do docker run --rm --mount type=bind,src="$PWD/h",dst=/x,$o busybox cat /x/f; docker inspect -f '{{json (index .HostConfig.Mounts 0).BindOptions.NonRecursive}}' $(docker create --mount type=bind,src="$PWD/h",dst=/x,bind-propagation=rprivate,$o busybox) 2>/dev/null | grep true; done
for m in bind-recursive=odd bind-recursive=readonly bind-recursive=writable bind-nonrecursive=odd readonly,bind-recursive=readonly volume-subpath=a volume-nocopy; do echo "== $m"; docker create --mount type=bind,src=/tmp,dst=/x,$m busybox 2>&1 | head -1; done; docker create --mount type=volume,dst=/x,bind-nonrecursive busybox 2>&1 | head -1`,
  },
  {
    title: "link-local addresses are had beside the network's own, and no others; addresses that are none are refused at once",
    script: `docker network create --subnet 10.91.0.0/24 ll >/dev/null; for n in bridge ll; do docker run --rm --network $n --link-local-ip 169.254.1.1 --link-local-ip 169.254.1.2 busybox sh -c 'ip -4 -o addr show eth0 | grep -o "inet 169[^ ]* brd [^ ]*"; ip route | grep -c ^169.254.0.0/16'; for a in 10.1.1.1 x; do docker run --rm --network $n --link-local-ip $a busybox true; done; done
docker run --rm --network none --link-local-ip 169.254.1.1 busybox ip -4 -o addr | wc -l; docker run -d --name peer busybox sleep 100 >/dev/null; docker network connect --link-local-ip 169.254.9.9 ll peer; docker exec peer ip -4 -o addr | grep -o "inet 169[^ ]*"; docker inspect -f '{{json .NetworkSettings.Networks.ll.IPAMConfig}}' peer; docker run --rm --network ll --link-local-ip 169.254.9.8 busybox ping -c 1 -W 20 169.254.9.9 | grep -c ' 0% packet loss'; docker network disconnect ll peer; docker network connect --link-local-ip odd ll peer; docker exec peer ls /sys/class/net | grep -c eth
for f in "--ip x" "--ip6 x" "--ip 1.2.3" "--ip6 1.2.3.4"; do docker create --network ll $f busybox true 2>&1 | grep -v -e '^$' -e "Run 'docker"; done; docker ps -aq --filter status=created; docker rm -f peer; docker network rm ll`,
  },
];
