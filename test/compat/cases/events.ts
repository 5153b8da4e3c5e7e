import type { CompatCase } from "../compat-case.ts";

/** What `docker events` tells, chooses and refuses. */
export const events: readonly CompatCase[] = [
  {
    title: "events of one container's life, filtered by what they are of",
    script: `since=$(date +%s.%N); docker run -d --name one -l k=v -l team=blue busybox sleep 100 >/dev/null; docker pause one >/dev/null; docker unpause one >/dev/null; docker rename one two; docker exec two true; docker kill -s CONT two >/dev/null; docker update --cpu-shares 512 two >/dev/null; docker restart -t 0 two >/dev/null; docker stop -t 0 two >/dev/null; docker rm two >/dev/null; until=$(( $(date +%s) + 1 ))
ev() { echo "# $*"; docker events --since $since --until $until "$@"; echo "= $?"; }
ev --format '{{.Action}}' --filter type=container | sed 's/exec_\\([a-z]*\\): true/exec_\\1/'; ev --filter event=pause --filter event=unpause --format '{{.Status}} {{.From}} {{.Type}} {{.Scope}}'; ev --filter label=k --filter event=start --format '{{.Action}}'; ev --filter label=k=w --format x; ev --filter label=k=v --filter label=team=red --format x; ev --filter image=busybox --filter event=create --format '{{.Action}} {{.Actor.Attributes.image}}'; ev --filter image=nope --format x
ev --filter event=rename --format '{{.Actor.Attributes.oldName}} {{.Actor.Attributes.name}}'; ev --filter event=kill --format '{{.Actor.Attributes.signal}}'; ev --filter container=two --filter event=die --format '{{.Actor.Attributes.exitCode}}'; ev --filter scope=local --filter event=destroy --format '{{.Action}}'; ev --filter scope=swarm --format x; ev --filter type=image --format x; ev --filter type=network --format '{{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.type}}'`,
  },
  {
    title: "events of images, volumes and networks",
    // 20.10 tells of a disconnect by hand twice, newer ones once.
    script: `since=$(date +%s.%N); docker tag busybox made:1; docker create --name one -v vol:/v busybox sleep 100 >/dev/null; docker commit one made:2 >/dev/null; docker save made:2 | docker load -q >/dev/null; docker rmi made:1 made:2 >/dev/null; docker network create lan >/dev/null; docker start one >/dev/null; docker network connect lan one; docker network disconnect lan one; docker network rm lan >/dev/null; docker kill one >/dev/null; docker wait one >/dev/null; docker rm one >/dev/null; docker volume rm vol >/dev/null; until=$(( $(date +%s) + 1 ))
ev() { echo "# $*"; docker events --since $since --until $until "$@"; echo "= $?"; }
ev --filter type=image --format '{{.Action}} {{.Actor.Attributes.name}}' | sed 's/sha256:.*/ID/'; ev --filter type=volume --format '{{.Action}} {{json .Actor.Attributes}}' | sed 's/"container":"[^"]*"/CONTAINER/'; ev --filter type=network --filter network=lan --format '{{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.type}}' | uniq; ev --filter volume=vol --format '{{.Action}}'; ev --filter type=container --filter type=network --format '{{.Type}} {{.Action}}' | grep -v disconnect | sort | uniq -c | sed 's/^ *//'; ev --filter event=tag --filter event=untag --format '{{.Action}} {{.ID}}' | sed 's/sha256:.*/ID/'`,
  },
  {
    title: "events' formats, times and what is wrong with them",
    script: `since=$(date +%s.%N); docker create --name one -l a=b busybox >/dev/null; until=$(( $(date +%s) + 1 )); docker events --since $since --until $until --filter event=create --format json | tr ',' '\\n' | sed 's/\\("time[A-Za-z]*":\\)[0-9]*/\\1N/'; docker events --since $since --until $until --filter event=create --format '{{json .Actor.Attributes}}'; docker events --since $since --until $until --filter event=create | sed 's/^[^ ]* //'; docker events --since $since --until $until --filter event=create --format '{{.Actor.ID}} {{len .ID}} {{.TimeNano}} {{.Time}}' | sed 's/ [0-9]\\{8,\\}/ N/g'
t events --since nope; t events --since 1h --until nope; t events --filter nope=1 --until 1; t events --filter nope; docker events --format '{{.Nope}}' --since $since --until $until; echo "= $?"; t events --format '{{' --until 1; t events extra; t events --since 2001-01-01 --until 2001-01-02; t events --since 2001-01-01T00:00:00Z --until 2001-01-01T00:00:01.5; t events --filter type=nope --since 1m --until 0s; t system events --nope; t events -f event=nope --since 1m --until 0s`,
  },
  {
    title: "every event of a long script, in its order, with all that it tells",
    // By type, as types come by chance. 20.10 tells again of a volume that is there and twice of a disconnect; health is looked at by the clock.
    script: `since=$(date +%s.%N); docker network create --label n=1 lan >/dev/null; docker volume create vol >/dev/null
docker create --name one -l team=blue -v vol:/v --network lan busybox sleep 100 >/dev/null; docker start one >/dev/null; docker exec one sh -c 'exit 3'; docker top one >/dev/null; docker rename one two; docker pause two >/dev/null; docker unpause two >/dev/null; docker kill -s CONT two >/dev/null; docker update --cpu-shares 512 two >/dev/null
docker network connect bridge two; docker network disconnect bridge two; echo x >f; docker cp -q f two:/tmp/f >/dev/null; docker cp two:/tmp/f - >/dev/null; docker restart -t 0 two >/dev/null; docker stop -t 0 two >/dev/null; docker export two >/dev/null
docker commit two made:1 >/dev/null; docker tag made:1 made:2; docker rmi made:2 >/dev/null; docker save made:1 >saved; docker rm two >/dev/null; docker rmi made:1 >/dev/null; docker load -q -i saved >/dev/null; docker rmi made:1 >/dev/null
docker create --name source busybox >/dev/null; docker export source | docker import - imported:1 >/dev/null; docker rm source >/dev/null; docker rmi imported:1 >/dev/null; docker run --rm --name brief busybox false
docker run --name greedy -m 16m --memory-swap 16m busybox sh -c 'x=a; while :; do x=$x$x; done' >/dev/null 2>&1; docker rm greedy >/dev/null
docker run -d --name well --health-cmd true --health-interval 300ms busybox sleep 100 >/dev/null; for i in $(seq 100); do test "$(docker inspect -f '{{.State.Health.Status}}' well)" = healthy && break; sleep 0.1; done; docker rm -f well >/dev/null
printf 'FROM busybox\\nRUN true\\n' | docker build -q -t built - >/dev/null 2>&1; docker rmi built >/dev/null; docker network rm lan >/dev/null; docker volume rm vol >/dev/null; until=$(date +%s.%N)
ev() { docker events --since $since --until $until "$@" --format '{{.Type}} {{.Action}} {{.Scope}} {{json .Actor.Attributes}}'; }
ev --filter type=container | grep -v -e 'exec.*well' -e ' oom ' | sed 's/"name":"[a-z]*_[a-z0-9]*"/"name":"chosen"/'; ev --filter event=oom | sort -u
ev --filter type=image; ev --filter type=network | uniq; ev --filter type=volume | awk '!/create/ || !seen++'; docker events --since $since --until $until --format '{{.Type}} {{.Action}}' | grep -v -e exec_ -e oom -e disconnect -e 'volume create' | sort | uniq -c | sed 's/^ *//'`,
  },
];
