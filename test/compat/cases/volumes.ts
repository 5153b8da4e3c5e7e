import type { CompatCase } from "../compat-case.ts";

/** Volumes, binds and tmpfs, by `-v`, `--mount`, `--tmpfs` and `--volumes-from`, seen from inside and by inspect. */
export const volumes: readonly CompatCase[] = [
  {
    title: "-v in every form is told by inspect and is so inside",
    script: `mkdir h; echo one > h/f; echo file > single; docker run -d --name v1 -v named:/n -v "$PWD/h:/b:ro" -v "$PWD/made/deep:/m" -v "$PWD/single:/etc/single" -v /anon -v named:/again:ro,nocopy -v "$PWD/h:/p:rw" busybox sleep 100 >/dev/null
docker inspect -f '{{range .Mounts}}{{.Type}} {{.Destination}} [{{.Mode}}] {{.RW}} [{{.Propagation}}] {{.Driver}} {{len .Name}}
{{end}}' v1 | sort; docker inspect -f '{{len .HostConfig.Binds}} {{json .Config.Volumes}}' v1
docker exec v1 sh -c 'echo x > /b/f; echo "exit $?"; echo y > /n/f; cat /again/f /etc/single; echo z > /again/f; echo "exit $?"; echo w > /m/f; echo v > /anon/f; ls -ld /m /anon | cut -c1-10'; cat made/deep/f; ls h
docker ps --filter volume=named --format '{{.Names}}'; docker ps --filter volume=/b -q | wc -l
for v in rel/ative:/x nn:rel /h:/x:zz aa:/b:c:d :/x nn:/ nn:/x:ro,rw /nosuch-on-host:/x:nocopy ""; do echo "== $v"; docker create -v "$v" busybox 2>&1 | sed 's/^[0-9a-f]\\{64\\}$/ID/' | head -1; done; docker create -v aa:/x -v bb:/x busybox; docker create -v aa:/x --tmpfs /x busybox; docker create --tmpfs rel busybox`,
  },
  {
    title: "--mount in every form, and what it refuses",
    script: `mkdir h; docker run -d --name w1 --mount type=bind,source="$PWD/h",target=/b,readonly --mount src=data,dst=/d,volume-label=a=b --mount type=volume,destination=/anon --mount type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1770 --mount type=bind,src="$PWD/h",dst=/p,ro=false busybox sleep 100 >/dev/null
docker inspect -f '{{range .Mounts}}{{.Type}} {{.Destination}} [{{.Mode}}] {{.RW}} [{{.Propagation}}] {{len .Name}}
{{end}}' w1 | sort; docker volume inspect -f '{{json .Labels}}' data; docker exec w1 sh -c 'echo x > /b/f; echo "exit $?"; echo y > /p/f; df -k /t | tail -1 | tr -s " " | cut -d " " -f 2; ls -ld /t | cut -c1-10; grep " /t " /proc/mounts | cut -d " " -f 3'
for m in type=bind,source=/nosuch-here,target=/x type=bind,target=/x type=nope,target=/x target=rel,source=xx type=tmpfs,source=x,target=/x nonsense type=bind,source=/tmp,target=/x,bind-propagation=odd type=tmpfs,target=/x,tmpfs-size=big type=bind,source=/tmp,target=/x,readonly=maybe; do echo "== $m"; docker create --mount "$m" busybox 2>&1 | sed 's/^[0-9a-f]\\{64\\}$/ID/' | head -1; done`,
  },
  {
    title: "what the image has at its place fills a new volume, once, and --volumes-from shares it",
    script: `docker run --name base busybox sh -c 'mkdir -p /data/sub; echo img > /data/f; ln -s f /data/l; chmod 700 /data/sub; chown 1:2 /data/f; chmod 1777 /data'; docker commit -c 'VOLUME /data' base filled:1 >/dev/null
docker run --name nf1 filled:1 sh -c 'ls -ldn /data /data/f /data/sub | cut -c1-10,11-40 | tr -s " " | cut -d " " -f 1,3,4; cat /data/l; echo more > /data/new'; docker run --rm --volumes-from nf1 busybox sh -c 'ls /data; echo again > /data/f'; docker run --rm --volumes-from nf1:ro busybox sh -c 'cat /data/f; echo x > /data/f'; echo "exit $?"
docker run --rm -v kept:/data filled:1 sh -c 'ls /data; rm /data/f'; docker run --rm -v kept:/data filled:1 ls /data; docker run --rm -v empty:/data:nocopy filled:1 ls /data; mkdir h; docker run --rm -v "$PWD/h:/data" filled:1 ls /data; docker run --rm --mount type=volume,src=kept2,dst=/data,volume-nocopy filled:1 ls /data; docker run --rm --tmpfs /data filled:1 ls /data
docker run -d --name writer -v shared:/s busybox sh -c 'while :; do date > /s/now; sleep 0.1; done' >/dev/null; docker run --rm -v shared:/r:ro busybox sh -c 'until [ -s /r/now ]; do sleep 0.1; done; echo seen'; docker create --volumes-from nosuch busybox; echo "exit $?"; docker create --volumes-from nf1:odd busybox; echo "exit $?"; docker volume rm shared 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/g'; docker create --name vf --volumes-from nf1 --volumes-from writer:ro -v own:/o busybox >/dev/null; docker inspect -f '{{range .Mounts}}{{.Destination}} {{.RW}};{{end}} {{.HostConfig.VolumesFrom}}' vf | tr ';' '\\n' | sort
docker rm -fv writer >/dev/null; docker volume ls -q --filter name=shared; docker rm -v nf1 >/dev/null; docker rm -v vf >/dev/null; docker volume ls --filter dangling=true --format '{{.Name}}' | grep -v '^[0-9a-f]\\{64\\}$'`,
  },
  {
    title: "tmpfs, read-only roots and shared memory are as asked for",
    script: `docker run --rm --tmpfs /t:size=1m,mode=700,noexec --tmpfs /u:exec,rw busybox sh -c 'grep -e " /t " -e " /u " /proc/mounts | cut -d " " -f 2-4 | sed "s/,inode64//; s/,uid=[0-9]*//; s/,gid=[0-9]*//" | sort; ls -ld /t /u | cut -c1-10; dd if=/dev/zero of=/t/f bs=1k count=2000 2>&1 | grep -c "No space"'
docker run --rm --read-only --tmpfs /run -v vv:/v busybox sh -c 'echo x > /f; echo "exit $?"; echo y > /run/f && echo z > /v/f && echo w > /dev/shm/f && echo fine; touch /etc/hosts && echo hosts; mkdir /proc/x; touch /dev/null && echo dev; mkdir /dev/x; echo "exit $?"'
docker run --rm --shm-size 2m busybox sh -c 'df -k /dev/shm | tail -1 | tr -s " " | cut -d " " -f 2'; for s in -1 x 0; do docker run --rm --shm-size $s busybox sh -c 'df -k /dev/shm | tail -1 | tr -s " " | cut -d " " -f 2' 2>&1 | head -1; done; docker run --rm --tmpfs /t:nonsense busybox true 2>&1 | head -1; docker run --rm --tmpfs /t:size=x busybox true >/dev/null 2>&1; echo "exit $?"`,
  },
  {
    title: "options of the local driver make a volume a tmpfs, shared while it is used, or a bind",
    script: `mkdir dev; echo inner > dev/f; for o in "--opt nope=x" "--opt type=tmpfs" "--opt device=/x" "--opt o=bind" "--opt size=1m"; do echo "== $o"; docker volume create $o bad 2>&1; done; docker volume ls -q
docker volume create --opt type=none --opt o=bind --opt "device=$PWD/dev" bound; docker volume inspect -f '{{.Options.type}} {{.Options.o}} {{.Driver}}' bound; docker run --rm -v bound:/v busybox sh -c 'cat /v/f; echo new > /v/new'; cat dev/new; docker run --rm -v bound:/v:ro busybox sh -c '(echo x > /v/f) 2>/dev/null || echo refused'
docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=1m,uid=5 mem; docker run -d --name m1 -v mem:/t busybox sleep 100 >/dev/null; docker run --rm --mount source=mem,target=/x busybox sh -c 'echo shared > /x/f; ls -ldn /x | tr -s " " | cut -d " " -f 3; df -k /x | tail -1 | tr -s " " | cut -d " " -f 2'; docker exec m1 cat /t/f; docker restart -t 0 m1 >/dev/null; docker exec m1 ls /t; docker volume rm mem >/dev/null 2>&1; echo "exit $?"; docker rm -f m1; docker volume rm mem bound; cat dev/f
docker run --rm --mount type=volume,source=made,target=/t,volume-driver=local,volume-opt=type=tmpfs,volume-opt=device=tmpfs,volume-opt=o=size=2m busybox sh -c 'grep -c " /t tmpfs" /proc/mounts'; docker volume inspect -f '{{.Options.o}}' made`,
  },
  {
    title:
      "volumes with options of the local driver take the image's content where Docker gives it, and are refused where their folder is not",
    script: `printf 'FROM busybox\\nRUN mkdir -p /d/sub && echo img > /d/f && chmod 750 /d && chown 7 /d/f\\n' > Dockerfile; docker build -q -t filled . >/dev/null 2>&1; mkdir emp full; echo mine > full/own
docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=1m mem; for v in emp full none; do docker volume create --opt type=none --opt o=bind --opt device=$PWD/$v $v; done
echo == mem; docker run --rm -v mem:/d filled sh -c 'ls -A /d; stat -c %a /d'; docker run -d --name user -v mem:/t busybox sleep 100 >/dev/null; docker run --rm -v mem:/d filled sh -c 'ls /d; stat -c "%a %u" /d/f /d'; docker exec user cat /t/f; docker rm -f user
echo == emp; docker create --name one -v emp:/d filled ls /d >/dev/null; ls emp; stat -c "%a %n" emp; docker start -a one; docker rm one
echo == full; docker run --rm -v full:/d filled ls /d; rm -r emp/*; docker run --rm --mount source=emp,target=/d,volume-nocopy filled ls /d
echo == none; docker create --name two -v none:/d filled ls /d 2>&1 | sed 's#mount .*/none:.*/_data#mount none:_data#'; docker ps -aq | wc -l; docker create --name three -v none:/x filled ls /d >/dev/null; docker start three 2>&1 | sed "s#'[^']*_data'#_data#; s#mount [^ ]*/none:[^ ,]*#mount none#"; docker rm three; docker volume rm mem emp full none; docker rmi filled >/dev/null`,
  },
];
