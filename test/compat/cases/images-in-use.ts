import type { CompatCase } from "../compat-case.ts";

/** Images under many names, in use and out of it. */
export const imagesInUse: readonly CompatCase[] = [
  {
    title: "rmi takes names away one after another, and the last one with the image",
    script: `docker run --name nn busybox touch /n; docker commit nn made:1 >/dev/null; docker rm nn >/dev/null; docker tag made:1 made:2; docker tag made:1 other/name:x; id=$(docker images -q made:1); t rmi made:1 | sed 's/sha256:.*/ID/'; docker rmi $id 2>&1 | sed 's/[0-9a-f]\\{12\\}/ID/g'; t rmi other/name:x made:2 | sed 's/sha256:.*/ID/'; docker images -q made | wc -l; t rmi made:1; t rmi -f made:1; t rmi; t rmi --nope x; docker commit $(docker create busybox) a:1 >/dev/null; docker tag a:1 a:2; docker rmi -f $(docker images -q a:1) | sed 's/sha256:.*/ID/'; docker images a -q | wc -l
docker create --name uu busybox >/dev/null; docker commit uu b:1 >/dev/null; docker create --name vv b:1 >/dev/null; docker rmi b:1 2>&1 | sed 's/[0-9a-f]\\{12\\}/ID/g'; docker tag b:1 b:2; t rmi b:1; docker rmi b:2 2>&1 | sed 's/[0-9a-f]\\{12\\}/ID/g'; docker start vv >/dev/null; docker wait vv; docker rmi -f b:2 | sed 's/sha256:.*/ID/'; docker inspect -f '{{.Config.Image}}' vv; t image rm --no-prune nosuch; t rmi sha256:000000000000; t rmi nosuch1 nosuch2`,
  },
  {
    title: "tag makes names, moves them, and refuses what is none",
    script: `t tag busybox x:1; t tag x:1 x:2; docker images x --format '{{.Tag}}' | sort; docker run --name nn busybox touch /n; docker commit nn y:1 >/dev/null; t tag y:1 x:1; docker images x --format '{{.Tag}} {{.ID}}' | awk '{print $2}' | sort -u | wc -l; t tag nosuch y:2; t tag busybox ''; t tag '' y; t tag busybox 'Y:1'; t tag busybox y:; t tag busybox y:$(printf '%0129d' 1); t tag busybox "$(printf '%0256d' 1)"; t tag busybox y@sha256:$(printf '%064d' 1); t tag busybox a/b/c/d:e-f.g_h; t tag busybox localhost:5000/q; t tag busybox -x; t tag busybox 'a b'; t tag $(docker images -q busybox) z; t tag busybox; t tag busybox a b; t tag busybox a//b; t tag busybox a__b; t tag busybox a___b; t tag busybox sha256:abc; docker images --format '{{.Repository}}:{{.Tag}}' | sort`,
  },
  {
    title: "image prune takes what no name and no container holds",
    script: `prune() { docker image prune "$@" | sed 's/sha256:.*/ID/; s/space: .*/space/'; }
docker run --name nn busybox sh -c 'echo 1 > /n'; docker commit nn p:1 >/dev/null; docker run --name mm busybox sh -c 'echo 2 > /m'; docker commit -c 'LABEL keep=yes' mm p:1 >/dev/null; docker run --name kk p:1 true; docker commit kk p:1 >/dev/null; docker images -f dangling=true -q | wc -l; prune -f --filter label=keep; prune -f --filter label!=keep=yes; docker images -f dangling=true -q | wc -l; docker create --name hold busybox >/dev/null; docker rm nn mm kk >/dev/null; prune -f; prune -f; docker run --name jj busybox true; docker commit jj r:1 >/dev/null; prune -af --filter until=24h; prune -af --filter label=none; docker rm jj >/dev/null; prune -af | sort; docker images --format '{{.Repository}}:{{.Tag}}' | sort; t image prune -f --filter until=nonsense; t image prune --nope; t image prune x; t image prune </dev/null | sed 's/space: .*/space/'; t image prune -f --filter dangling=maybe`,
  },
  {
    title: "commit's refusals, and what changes may say",
    script: `docker create --name one -e A=1 -l a=b -w /w -u 7 busybox sleep 5 >/dev/null
for c in 'CMD echo hi' 'CMD ["a","b"]' 'ENTRYPOINT ["x"]' 'ENV B=2 C="3 4"' 'LABEL q=r' 'USER 0' 'WORKDIR /x' 'EXPOSE 80 90/udp' 'VOLUME /v' 'ONBUILD RUN x' 'HEALTHCHECK NONE' 'RUN x' 'NOPE' 'ENV' 'ENV x' 'EXPOSE x' 'cmd lower' 'ADD a b' 'FROM x' ''; do echo "== $c"; docker commit -c "$c" one k:1 2>&1 | sed 's/sha256:.*/ID/'; done; docker commit -c 'ENV A=2' -c 'ENV D=4' --change 'CMD x' one k:2 >/dev/null; docker inspect -f '{{json .Config.Env}} {{json .Config.Cmd}} {{json .Config.Labels}} {{.Config.WorkingDir}} {{.Config.User}}' k:2
t commit nosuch; t commit one 'BAD'; t commit one a b; t commit; t commit -a '' -m '' one k:3 | sed 's/sha256:.*/ID/'; docker inspect -f '[{{.Author}}] [{{.Comment}}]' k:3; docker commit -a 'A B <a@b>' -m 'two
lines' -p=false one k:4 >/dev/null; docker inspect -f '{{.Author}} {{json .Comment}}' k:4; t container commit --nope one`,
  },
  {
    title: "inspect of several kinds, by type, and what it says of those that are not there",
    script: `docker create --name one -v vol:/v busybox >/dev/null; docker network create lan >/dev/null; docker tag busybox one; t inspect -f '{{.Name}}' one; docker inspect -f '{{.Id}}' --type image one | cut -c1-7; t inspect --type container -f '{{.Path}}' one; t inspect --type network -f '{{.Name}} {{.Driver}}' lan; t inspect --type volume -f '{{.Name}}' vol; t inspect -f '{{.Name}}' vol lan one; t inspect --type nope one; t inspect --type volume one; t inspect nosuch one -f '{{.Name}}'; t inspect --type network nosuch; t inspect -s -f '{{.SizeRw}}' one; t inspect --size --type image -f '{{.Os}}' one; t inspect; t inspect --nope; t inspect ''; t image inspect busybox -f '{{len .RepoTags}}'; t container inspect -s -f '{{.SizeRootFs}}' one | sed 's/^[0-9]*$/N/'; t network inspect nosuch; t volume inspect nosuch vol -f '{{.Name}}'; docker inspect one | sed -n 's/^            "\\([A-Za-z0-9]*\\)".*/\\1/p' | grep -v KernelMemory; docker inspect -f '{{json .HostConfig.LogConfig}} {{json .HostConfig.RestartPolicy}}' one; docker inspect one | sed -n '/LogConfig/,/}/p'; docker volume inspect vol | sed 's/"CreatedAt.*//; s/"Mountpoint.*//'; docker network inspect lan | grep -v -e Created -e Id -e Subnet -e Gateway | head -12`,
  },
];
