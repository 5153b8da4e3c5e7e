import type { CompatCase } from "../compat-case.ts";

const three = `docker run -d --name one -l k=v -l tier=front busybox sleep 100 >/dev/null; docker run --name two -l k=w busybox sh -c 'exit 3'; docker create --name three -v vol:/data busybox >/dev/null; docker network create lan >/dev/null; docker run -d --name four --network lan --health-cmd true --health-interval 1h busybox sleep 100 >/dev/null; docker pause four >/dev/null`;
const names = (...filters: readonly string[]): string =>
  filters.map((filter) => `echo "# ${filter}"; docker ps ${filter} --format '{{.Names}}' | sort; `).join("");

/** Lists and what chooses from them. */
export const listing: readonly CompatCase[] = [
  {
    title: "ps filters by status, name, label, exit code and id",
    script: `${three}
${names("-a --filter status=running", "-a --filter status=paused", "-a --filter status=created --filter status=exited", "--filter status=exited", "-a -f name=o", "-a -f name=^one$", "-a -f name=/one", "-a -f label=k", "-a -f label=k=v", "-a -f label=k -f label=tier=front", "-a -f label=nope", "-a -f exited=3", "-a -f exited=0", "-a -f exited=3 -f exited=0", "-a -f id=$(docker inspect -f '{{.Id}}' one | cut -c1-12)", "-a -f id=nope")}
docker ps -a --filter status=nope; echo "exit $?"; docker ps -a --filter exited=x; echo "exit $?"; docker ps -a --filter name; echo "exit $?"; docker ps -a --filter nope=x; echo "exit $?"; docker ps -a --filter name='['; echo "exit $?"`,
  },
  {
    title: "ps filters by ancestor, volume, network, publish, expose, health and is-task",
    script: `${three}; docker tag busybox other:1; docker create --name five -p 8080:80 --expose 90 other:1 >/dev/null; docker run -d --name six -p 8080:80 --expose 90 --health-cmd true --health-interval 1h busybox sleep 100 >/dev/null
${names("-a -f ancestor=busybox", "-a -f ancestor=other:1", "-a -f ancestor=nope", "-a -f volume=vol", "-a -f volume=/data", "-a -f volume=nope", "-a -f network=lan", "-a -f network=nope", "-a -f expose=90", "-a -f expose=80-95/tcp", "-a -f publish=80", "-a -f publish=8080", "-f health=starting -f name=six", "-a -f health=none", "-a -f is-task=true", "-a -f is-task=false -f name=one")}
docker ps -a -f health=nope; echo "exit $?"; docker ps -a -f is-task=nope; echo "exit $?"; docker ps -a -f publish=x; echo "exit $?"; docker ps -a -f since=nope; echo "exit $?"; docker ps -a -f before=nope; echo "exit $?"; docker rmi -f other:1 >/dev/null`,
  },
  {
    title: "ps shows the newest, the last n, ids and sizes",
    script: `${three}
docker ps -l --format '{{.Names}}'; docker ps -n 2 --format '{{.Names}}'; docker ps --last 0 --format '{{.Names}}'; docker ps -n -1 --format '{{.Names}}' | sort; docker ps -lq | wc -c; docker ps -aq --no-trunc | wc -c; docker ps -qa --filter name=one | wc -c; docker ps -n x; echo "exit $?"
docker ps -a -s --filter name=two --format '{{.Size}}' | sed 's/virtual.*/virtual/'; docker ps -as | head -1; docker ps --no-trunc | head -1; docker container ls --format '{{.Names}}' | sort; docker container ps -q | wc -l; docker container list -aq | wc -l; docker ps extra; echo "exit $?"`,
  },
  {
    title: "ps tells states in words",
    script: `${three}
docker ps -a --format '{{.Names}} {{.State}} {{.Status}}' | sort; docker ps -a --format '{{.Names}} {{.RunningFor}} {{len .CreatedAt}} {{.Networks}} {{.Mounts}} {{.LocalVolumes}}' | sed 's/ ago [0-9][0-9] / ago n /' | sort; docker run -d --name five --restart always busybox sh -c 'exit 1' >/dev/null; until docker ps -a --filter status=restarting --format '{{.Names}}' | grep five; do sleep 0.1; done; docker inspect -f '{{.State.Restarting}}' five | grep -c -e true -e false`,
  },
  {
    title: "images filters by reference, label, dangling, before and since",
    script: `docker tag busybox a/b:1; docker tag busybox a/b:2; docker tag busybox localhost:5000/x/y:1; docker run --name n busybox touch /n; docker commit -c 'LABEL k=v' n made:1 >/dev/null; docker commit n made:2 >/dev/null; docker commit n >/dev/null
for f in reference=a/b 'reference=a/*' 'reference=*:1' 'reference=*/*:1' 'reference=made' 'reference=made:*' 'reference=m*' 'reference=*/*/*' reference=nope 'reference=a/b:2' label=k label=k=v label=k=w before=made:1 since=busybox since=made:1 dangling=false; do echo "# $f"; docker images --filter "$f" --format '{{.Repository}}:{{.Tag}}' | sort; done
docker images -f dangling=true -q | wc -l; docker images -f reference=made -f reference=a/b --format '{{.Repository}}:{{.Tag}}' | sort; docker images -f dangling=maybe; echo "exit $?"; docker images -f before=nope; echo "exit $?"; docker images -f reference='['; echo "exit $?"; docker images -f nope=1; echo "exit $?"; docker images -f label; echo "exit $?"`,
  },
  {
    title: "images takes a name, shows digests, all, and untruncated ids",
    script: `docker tag busybox a/b:1; docker tag busybox a/b:2
docker images a/b --format '{{.Tag}}' | sort; docker images a/b:2 --format '{{.Tag}}'; docker images a/b:nope; docker images 'a/*' --format '{{.Tag}}' | sort; docker images -q --no-trunc busybox | cut -c1-7; docker images -q busybox | wc -c; docker images --digests a/b | head -1; docker images -a -q | sort -u | wc -l; docker image ls a/b:1 --format '{{.Repository}}'; docker image list -q a/b:1 | wc -l; docker images --no-trunc --format '{{.ID}}' busybox | cut -c1-7; docker images 'BAD NAME'; echo "exit $?"`,
  },
  {
    title: "images without a name, and how they go",
    script: `docker run --name n busybox touch /n; docker commit n made:1 >/dev/null; docker run --name m busybox touch /m; docker commit m made:1 >/dev/null; docker images -f dangling=true --format '{{.Repository}}:{{.Tag}}'; docker image prune -f | grep -c -e deleted -e Total; docker images --format '{{.Repository}}:{{.Tag}}' | sort
docker rm n m >/dev/null; docker image prune -f --filter label=x; docker image prune -f --filter until=1h; docker image prune -f --filter nope=1; echo "exit $?"; docker image prune -af --filter label=nope; docker rmi made:1 | sed 's/sha256.*//'; docker image rm busybox:nope; echo "exit $?"; docker image remove; echo "exit $?"`,
  },
  {
    title: "history shows layers, quietly and in full",
    script: `docker run --name n busybox sh -c 'echo 12345 > /n'; docker commit -m 'a message' -a me -c 'CMD ["true"]' n made:1 >/dev/null
docker history made:1 | head -2 | cut -d ' ' -f 1 | head -1; docker history -q made:1 | wc -l; docker history -q --no-trunc made:1 | head -1 | cut -c1-7; docker history --format '{{.CreatedSince}}|{{.CreatedBy}}|{{.Size}}|{{.Comment}}' made:1 | head -1; docker history --human=false --format '{{.Size}}' made:1 | head -1; docker history -H=false --format '{{.CreatedAt}}' made:1 | head -1 | cut -c5; docker image history --format json made:1 | head -1 | tr ',' '\\n' | grep -e Comment -e CreatedBy -e Size; docker history; echo "exit $?"; docker history nope; echo "exit $?"; docker history --format 'table {{.Comment}}' made:1 | head -2`,
  },
  {
    title: "volumes are filtered by name, label, driver and use",
    script: `docker volume create --label a=b one >/dev/null; docker volume create --label a=c two >/dev/null; docker create --name x -v two:/d busybox >/dev/null
for f in name=o name=one label=a label=a=b driver=local driver=nope dangling=true dangling=false dangling=1; do echo "# $f"; docker volume ls -f "$f" --format '{{.Name}}'; done; docker volume ls -f nope=1; echo "exit $?"; docker volume ls -f dangling=maybe; echo "exit $?"; docker volume ls; docker volume list -q; docker volume ls --format '{{.Name}} {{.Label "a"}} {{.Labels}} {{.Scope}} {{.Driver}} {{.Size}} {{.Links}}'`,
  },
  {
    title: "networks are filtered by name, id, driver, type, scope, label and use",
    script: `docker network create --label a=b lan >/dev/null; docker network create --internal wan >/dev/null
for f in name=an name=lan driver=bridge driver=null driver=nope type=custom type=builtin scope=local label=a label=a=b dangling=true dangling=false; do echo "# $f"; docker network ls -f "$f" --format '{{.Name}}' | sort; done; docker network ls -f nope=1; echo "exit $?"; docker network ls -f type=nope; echo "exit $?"; docker network ls -f dangling=maybe; echo "exit $?"
docker network ls --format '{{.Name}} {{.Driver}} {{.Scope}} {{.Internal}} {{.IPv6}} {{.Labels}} {{.Label "a"}}' | sort; docker network ls -q | wc -l; docker network ls -q --no-trunc | wc -c; docker network list | head -1; docker network ls -f id=$(docker network inspect -f '{{.Id}}' lan | cut -c1-8) --format '{{.Name}}'; docker network ls -q -f name=lan | wc -c`,
  },
  {
    title: "names in filters are Go's expressions, images' are shell patterns, and none takes for ever",
    script: `long=lead-$(printf 'a%.0s' $(seq 60))_; for n in lead-web $long; do docker create --name $n busybox >/dev/null; docker network create $n >/dev/null; docker volume create $n >/dev/null; done; docker tag busybox lead/$(printf 'a%.0s' $(seq 60)):1; printf 'FROM busybox\\nCOPY *a*a*a*a*a*a*a*a*a*a*a*a*b /d/\\n' > Dockerfile; touch $(printf 'a%.0s' $(seq 200))
for f in 'name=(?i)LEAD-W' 'name=lead-(?=w)' 'name=[' 'name=lead-.e' 'name=^lead-web$' 'name=^/lead-web$' 'name=(a+)+b' 'name=(a*)*_$' 'name=\\Qlead-w\\E' 'name=[[:alpha:]]ead-w' 'name=lead-\\pLe'; do echo "# $f"; docker ps -a -f "$f" --format '{{.Names}}'; docker network ls -f "$f" --format '{{.Name}}' | grep lead; docker volume ls -f "$f" --format '{{.Name}}'; done
id=$(docker inspect -f '{{.Id}}' lead-web); for f in $(echo $id | cut -c1-12) $(echo $id | cut -c5-16) "^$(echo $id | cut -c1-12)" '[0-9a-f]' '.*'; do docker ps -aq -f "id=$f" | wc -l; done
for f in 'lead/*a*a*a*a*a*a*a*a*a*a*a*b' 'lead/*a*a*a*a*a*:1' 'lead/[a-c]*' 'lead/[^a]*' 'lead/a**' 'lead/\\a*' 'lead/[a' '[' 'lead/[]a]*' 'lead/a*:[1-3]' '*/a*' 'l\\'; do echo "# $f"; docker images -q -f "reference=$f" 2>&1 | wc -l; done
DOCKER_BUILDKIT=0 docker build -q . >/dev/null 2>&1; echo $?`,
  },
];
