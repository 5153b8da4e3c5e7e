import type { CompatCase } from "../compat-case.ts";

/** A container with files of every kind, told of in a way that the day cannot change. */
const oddFiles = `docker run --name odd busybox sh -c 'mkdir -p /d/sub; echo content > /d/file; chmod 4755 /d/file; chown 12:34 /d/file; ln /d/file /d/hard; ln -s ../elsewhere /d/sym
mkfifo -m 600 /d/fifo; dd if=/dev/zero of=/d/sparse bs=1 count=1 seek=1000000 2>/dev/null; echo x > "/d/with space"; echo y > /d/é; mkdir -m 1777 /d/sticky; chown 60000:60001 /d/sub
long=$(printf "%0110d" 7); echo z > /d/$long; mkdir -p /d/$long.d/$long; echo z > /d/$long.d/$long/$long; ln -s $long.d/$long /d/long-link
find /d -exec touch -h -d "2001-02-03 04:05:06" {} +; touch -d "1969-12-31 00:00:00" /d/old; touch -d "2040-01-01 00:00:00" /d/new; touch -d "2001-02-03 04:05:06" /d'
`;
const listing = `find /d -exec stat -c '%n %A %u:%g %s %h %Y %N' {} + | sort; md5sum /d/file /d/hard`;

export const archiveCases: readonly CompatCase[] = [
  {
    title: "export and import keep names, modes, owners, times, links and holes",
    script: `${oddFiles}
docker export odd > odd.tar; TZ=UTC tar tvf odd.tar --numeric-owner | grep ' d/' | sort
docker import odd.tar odd:1 > /dev/null; docker run --rm odd:1 sh -c "${listing.replaceAll("$", "\\$")}"
docker import - odd:2 < odd.tar > /dev/null; gzip odd.tar; docker import odd.tar.gz odd:3 > /dev/null
docker inspect -f '{{.RootFS.Layers}}' odd:1 odd:2 odd:3 | uniq | wc -l
docker save odd:1 -o saved.tar; docker rmi odd:1 odd:2 odd:3 > /dev/null; docker load -qi saved.tar; docker run --rm odd:1 sh -c "${listing.replaceAll("$", "\\$")}"; docker rmi odd:1 > /dev/null; docker rm odd`,
  },
  {
    title: "import with changes, a message and a platform; from an address, from a folder's tar, and from what is none",
    script: `mkdir root; echo hi > root/file; tar -C root -cf root.tar .
docker import --change 'CMD ["cat", "/file"]' --change 'ENV A=b C=d' -c 'WORKDIR /w' -c 'EXPOSE 80/tcp' -c 'LABEL one=two' -c 'USER 7' -m 'by hand' root.tar by:hand > /dev/null
docker inspect -f '{{json .Config.Cmd}} {{json .Config.Env}} {{.Config.WorkingDir}} {{json .Config.ExposedPorts}} {{json .Config.Labels}} {{.Config.User}} {{.Comment}} {{.Size}} {{.Os}}' by:hand
docker history --format '{{.CreatedBy}}|{{.Size}}|{{.Comment}}' by:hand
tar -C root -c . | docker import - from:tar > /dev/null; docker history --format '{{.Comment}}' from:tar
busybox httpd -p 127.0.0.1:8765 -h . -f & web=$!; trap 'kill $web' EXIT; until busybox wget -q -O /dev/null http://127.0.0.1:8765/root.tar 2>/dev/null; do sleep 0.05; done
docker import http://127.0.0.1:8765/root.tar from:web | sed 's/sha256:.*/ID/' | tail -1; docker history --format '{{.Comment}}' from:web; docker import http://127.0.0.1:8765/none.tar x; echo $?
for p in linux linux/arm64/v8 ARM64 windows/amd64 freebsd nonsense a/b/c/d "li nux/amd64" /amd64 ""; do docker import --platform "$p" root.tar of:platform 2>&1 | sed 's/sha256:.*/ID/' | tail -1; done; docker inspect -f '{{.Os}}' of:platform; docker rmi of:platform > /dev/null
docker import nosuch.tar; echo garbage | docker import - x; echo $?; docker import -c 'RUN x' root.tar; docker import root.tar UPPER; docker import root.tar a@b
docker rmi by:hand from:tar from:web > /dev/null`,
  },
  {
    title: "commit's layer is exactly the diff: additions, whiteouts, replaced folders, and modes alone",
    script: `docker run --name one busybox sh -c 'mkdir -p /d/keep /d/gone /d/again; echo 1 > /d/keep/a; echo 2 > /d/gone/b; echo 3 > /d/again/c; echo 4 > /d/again/d; echo 5 > /d/mode; echo 6 > /d/same; find /d -exec touch -d 2001-01-01 {} +'
docker commit one step:1 > /dev/null
docker run --name two step:1 sh -c 'rm -r /d/gone; rm -r /d/again; mkdir /d/again; echo 7 > /d/again/c; chmod 600 /d/mode; rm /bin/ls; echo new > /d/new; touch /d/same; ln /d/new /d/link; chown 5:6 /d/keep; mkdir /d/empty'
docker diff two | sort; docker commit -a 'me <me@x>' -m 'why' -c 'ENV X=1' two step:2 > /dev/null
docker history --format '{{.CreatedBy}}|{{.Comment}}' step:2 | head -2; docker inspect -f '{{.Author}} {{.Comment}} {{json .Config.Env}} {{len .RootFS.Layers}}' step:2
mkdir out; docker save step:2 | tar -xC out; layer=$(sed 's/.*"\\([^"]*\\)"\\].*/\\1/' out/manifest.json)
tar tvf out/$layer --numeric-owner | sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{5}/TIME/' | sort -k 6
docker run --rm step:2 find /d | sort; docker run --rm step:2 stat -c '%a %u' /d/mode /d/keep; docker commit two step:3 > /dev/null
docker inspect -f '{{index .RootFS.Layers 2}}' step:2 step:3 | uniq | wc -l
docker run -d --name live busybox sleep 100 > /dev/null; docker commit live > /dev/null; docker commit --pause=false live > /dev/null; docker inspect -f '{{.State.Status}}' live
docker commit live live:1 > /dev/null; docker inspect -f '{{len .RootFS.Layers}}' live:1; docker commit nosuch; docker commit live UPPER; docker commit -c 'RUN x' live; docker commit live a:b c
docker rm -f one two live > /dev/null; docker rmi step:3 step:2 step:1 live:1 > /dev/null; docker image prune -f > /dev/null`,
  },
  {
    title: "save and load of several images, by name, by repository and by id",
    script: `for n in 1 2 3; do docker run --name s$n busybox sh -c "echo $n > /f"; docker commit s$n sv:$n > /dev/null; docker rm s$n > /dev/null; done; docker tag sv:1 sv:one
docker save sv:1 sv:2 busybox -o all.tar; tar xOf all.tar manifest.json | tr ',' '\\n' | grep -o 'RepoTags.*' | sort; id=$(docker images -q sv:3); docker save $id > id.tar; docker save sv > repo.tar
for n in sv:1 sv:one sv:2 sv:3; do docker inspect -f '{{.Id}}' $n; done > before; docker rmi sv:1 sv:one sv:2 sv:3 > /dev/null
docker load -i all.tar | sort; docker load -q < id.tar | sed 's/sha256:.*/ID/'; docker images --format '{{.Repository}} {{.Tag}}' --filter dangling=true; docker rmi sv:1 > /dev/null
docker load -i repo.tar | sort; for n in sv:1 sv:one sv:2 sv:3; do docker inspect -f '{{.Id}}' $n; done | cmp - before && echo same
docker run --rm sv:3 cat /f; docker load -i repo.tar | sort; gzip repo.tar; docker load -qi repo.tar.gz | sort; xz -k all.tar && docker load -qi all.tar.xz | sort
docker run --name s4 busybox touch /f; docker commit s4 sv:1 > /dev/null; docker rm s4 > /dev/null; docker load -qi all.tar | sed 's/sha256:[0-9a-f]*/ID/' | sort
docker save nosuch; docker save sv:none; docker save; docker load -i nosuch.tar; echo $?; head -c 3000 all.tar > short.tar; docker load -i short.tar > /dev/null 2>&1; echo $?; echo x | docker load > /dev/null 2>&1; echo $?
docker rmi sv:1 sv:one sv:2 sv:3 > /dev/null; docker image prune -f > /dev/null`,
  },
];
