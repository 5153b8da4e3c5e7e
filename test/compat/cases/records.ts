import type { CompatCase } from "../compat-case.ts";

/** An image NAME on another, of a file of so many bytes. */
const make = `docker create --name hold busybox > /dev/null; make() { docker run --name maker "$2" sh -c "head -c $3 /dev/zero > /$1" && docker commit -m "made $1" -c "LABEL who=$1" maker "$1:1" > /dev/null && docker rm maker > /dev/null; }
ids() { sed -E 's/(sha256:)?[0-9a-f]{64}/ID/g; s/[0-9a-f]{12}/SHORT/g'; }`;

/** What an engine remembers of images, and how they go. */
export const recordCases: readonly CompatCase[] = [
  {
    title: "rmi by name, by id and by its beginning, with children, containers and several names in the way",
    script: `${make}
make low busybox 1000; make high low:1 2000; docker tag low:1 low:2; docker tag high:1 other/high; low=$(docker images -q low:1); high=$(docker images -q high:1)
docker rmi low:2 | ids; docker rmi $low 2>&1 | ids; echo $?; docker rmi -f $low 2>&1 | ids; docker rmi low:1 | ids; docker images -a -f dangling=true -q | wc -l; docker images -q -f dangling=true | wc -l
docker rmi $high 2>&1 | ids; docker rmi -f $(echo $high | cut -c1-6) | ids; docker images -a -q | sort -u | wc -l
make two busybox 10; docker tag two:1 two:b; docker create --name still two:1 > /dev/null; docker rmi two:1 | ids; docker rmi two:b 2>&1 | ids; docker rmi $(docker images -q two) 2>&1 | ids
docker run -d --name runs two:b sleep 1000 > /dev/null; docker rmi two:b 2>&1 | ids; docker rmi -f two:b | ids; docker rmi -f $(docker inspect -f '{{.Image}}' runs) 2>&1 | ids; docker rm -f runs > /dev/null
docker ps -a --format '{{.Names}} {{.Image}}' | ids; docker rmi $(docker inspect -f '{{.Image}}' still) 2>&1 | ids; docker rmi -f $(docker inspect -f '{{.Image}}' still) | ids; docker start still 2>&1 | ids | cut -c1-40; docker wait still > /dev/null; docker rm still
make a busybox 10; make b busybox 20; docker rmi a:1 nosuch b:1 | ids; docker images -q -f reference=a -f reference=b; docker rmi nosuch:1@sha256:${"0".repeat(64)}; docker rmi sha256:${"0".repeat(64)}; docker rmi -f nosuch; echo $?; docker rmi ''; docker rmi --no-prune nosuch`,
  },
  {
    title: "tags move, are refused for what is none, and history counts empty layers",
    script: `${make}
make low busybox 5000; docker create --name same low:1 > /dev/null; docker commit -m 'only settings' -a 'A <b>' -c 'ENV X=1' -c 'CMD ["a", "b c"]' same same:1 > /dev/null; docker rm same > /dev/null
docker inspect -f '{{len .RootFS.Layers}} {{.Author}} {{.Comment}} {{.Config.Env}} {{.Config.Cmd}}' low:1 same:1
docker history --no-trunc --format '{{.ID}}|{{.CreatedBy}}|{{.Size}}|{{.Comment}}' same:1 | ids; docker history -q same:1 | ids; docker history -q --no-trunc same:1 | ids; docker history --format '{{.Size}} {{.CreatedSince}}' same:1 | head -2; docker history --human=false --format '{{.Size}}' same:1 | head -2
docker history same:1 | tr -s ' ' | ids | head -3; docker history --format '{{json .}}' same:1 | tr ',' '\\n' | grep -e Comment -e CreatedBy -e '"Size' ; docker history --format '{{.Nope}}' same:1; echo $?; docker history same:nope; docker history $(docker images -q same:1) | wc -l
docker tag low:1 a; docker tag same:1 a; docker images a --format '{{.Repository}}:{{.Tag}}'; docker tag low:1 x:y:z; docker tag low:1 a@sha256:${"0".repeat(64)}; docker tag low:1 ''; docker tag nope b; docker tag low:1 $(printf "%0300d" 1); docker tag low:1 a:$(printf "%0129d" 1); docker tag $(docker images -q low:1) by/id; docker images -q by/id | ids
docker inspect -f '{{.RepoTags}} {{.Parent}}' same:1 | ids; docker images --format '{{.Repository}} {{.Tag}} {{.Size}} {{.VirtualSize}} {{.SharedSize}} {{.Digest}}' low; docker images --digests low | tr -s ' ' | ids | cut -d ' ' -f 1-4; docker images --no-trunc -q low:1 | ids`,
  },
  {
    title: "images and prune by age, label and use",
    script: `${make}
make one busybox 1000; make two busybox 2000; docker tag two:1 gone:1; make three busybox 3000; docker tag one:1 gone:1; docker rmi two:1 > /dev/null; docker create --name uses three:1 > /dev/null
for f in label=who=one label=who before=gone:1 since=gone:1 dangling=true dangling=false reference=gone:1 'reference=g*n?'; do echo "# $f"; docker images -f "$f" --format '{{.Repository}}:{{.Tag}}' 2>&1 | sort; done
docker images -f reference=one -f label=who=three -q | wc -l; docker images -f label=who=one -f label=who=three -q | wc -l
for f in until=1h until=nonsense label=who=none 'label!=who' dangling=false dangling=x nope=1; do echo "# $f"; docker image prune -f --filter "$f" 2>&1 | ids; done
docker image prune -af --filter until=1h | ids; docker image prune -af --filter label=who=three | ids; docker image prune -af --filter label=who=one --filter 'label!=who=one' | ids
docker image prune -af --filter label=who=one | ids; docker images --format '{{.Repository}}:{{.Tag}}' | sort; docker rm uses; docker image prune -af --filter label | ids; docker image prune -af --filter label=who | ids; docker images --format '{{.Repository}}' | sort; echo n | docker image prune | tail -1; echo n | docker image prune -a | tail -1`,
  },
  {
    title: "system df counts what is shared, and system prune takes what nothing needs",
    script: `${make}
make one busybox 100000; make two one:1 200000; docker run --name wrote -v /v one:1 sh -c 'head -c 3000 /dev/zero > /f; head -c 5000 /dev/zero > /v/f'; docker run -d --name runs busybox sleep 1000 > /dev/null
docker system df | awk 'NR == 1 || /Images|Containers|Volumes/' | tr -s ' '; docker system df --format '{{.Type}} {{.TotalCount}} {{.Active}} {{.Size}} {{.Reclaimable}}' | grep -v Build
docker system df -v | ids | sed -E 's/([0-9]+ (second|minute)s?|About a minute|Less than a second)( ago)?/SPAN/g; s/[0-9a-f]{64}/ID/' | tr -s ' ' | sed '/^Build cache/,$d' | sort
docker image prune -f | ids; docker system prune -f | ids | sort; docker system prune -af --filter label=nope | ids; docker ps -a --format '{{.Names}}'; docker images --format '{{.Repository}}' | sort; docker volume ls -q | wc -l
docker create --name hold busybox > /dev/null; docker rm -f runs > /dev/null; docker network create unused > /dev/null; docker system prune -af --filter until=1h | ids; docker network ls -q -f name=unused | wc -l; docker system prune -f --volumes --filter until=1h; docker system prune -f --filter nope=1; echo $?; docker system prune -f --volumes | ids | sort; echo n | docker system prune | tail -1`,
  },
  {
    title: "system df -v takes a template of everything at once",
    script: `docker run --name one -v dv:/v busybox sh -c 'echo 123456 > /f; echo x > /v/f'; docker commit one made:1 >/dev/null
docker system df -v --format '{{range .Images}}{{.Repository}}:{{.Tag}} {{.Containers}} {{.SharedSize}} {{.UniqueSize}} {{.Size}}\\n{{end}}' | grep made
docker system df -v --format '{{range .Containers}}{{.Names}} {{.Image}} {{.Size}} {{.LocalVolumes}};{{end}}{{range .Volumes}}{{.Name}} {{.Links}} {{.Size}};{{end}}{{len .BuildCache}}'; echo
docker system df -v --format json | grep -o '"LocalVolumes":"[0-9]*"'; docker system df -v --format '{{.Nope}}'; echo "exit $?"; docker system df -v --format '{{'; echo "exit $?"; docker system df -v --format table | grep -c SPACE`,
  },
];
