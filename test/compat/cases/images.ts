import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

/** Images, their history, and what archives keep. */
export const images: readonly CompatCase[] = [
  {
    title: "diff tells what was added, changed and deleted",
    // Sorted, since dockerd gives siblings in no order.
    script: `docker run --name ncd busybox sh -c 'echo x > /tmp/new; mkdir -p /a/b; echo y > /a/b/c; rm /etc/group; chmod 700 /etc/passwd; mv /root /moved; rm -rf /home; mkdir /home; ln -s x /link'
docker diff ncd | sort; docker create --name nce busybox; docker diff nce`,
  },
  {
    title: "commit makes an image with author, message and changes",
    script: `docker run --name ncc busybox sh -c 'echo data > /data'; docker commit -a 'Ann <a@b>' -m 'my message' -c 'CMD ["cat", "/data"]' -c 'ENV A=b' ncc mine:1 | cut -c1-7
docker run --rm mine:1; docker history --format '{{.CreatedBy}}|{{.Comment}}' mine:1 | head -1; docker inspect -f '{{.Author}} {{.Comment}} {{.Config.Cmd}} {{.Config.Env}} {{len .RootFS.Layers}}' mine:1
docker commit ncc >/dev/null; docker images --format '{{.Repository}} {{.Tag}}' | sort`,
  },
  {
    title: "export and import keep files and lose the history",
    script: `docker run --name cx -e GONE=1 busybox sh -c 'echo kept > /tmp/f; chmod 640 /tmp/f; ln -s f /tmp/l; ln /tmp/f /tmp/h'
docker export cx | docker import -m imported -c 'CMD ["sh"]' - flat:1 | cut -c1-7; docker run --rm flat:1 sh -c 'cat /tmp/l; stat -c "%a %h" /tmp/f; echo "[$GONE]"'
docker history --format '{{.CreatedBy}}|{{.Comment}}' flat:1; docker inspect -f '{{len .RootFS.Layers}} {{.Config.Cmd}}' flat:1
docker export -o out.tar cx; tar tf out.tar | grep -c tmp/f; docker import out.tar flat:2 | cut -c1-7; docker run --rm flat:2; echo "exit $?"`,
  },
  {
    title: "save and load keep layers, history and names",
    script: `docker run --name cs busybox touch /s; docker commit -m saved cs saved:1 >/dev/null; docker save -o s.tar saved:1; id=$(docker inspect -f '{{.Id}}' saved:1); docker rm cs >/dev/null
docker rmi saved:1 | wc -l; docker load -i s.tar; [ "$id" = "$(docker inspect -f '{{.Id}}' saved:1)" ] && echo same; docker history --format '{{.Comment}}' saved:1 | head -1; docker load < s.tar; docker load -i nosuch.tar; echo "exit $?"; echo junk | docker load 2>/dev/null; echo "exit $?"`,
  },
  {
    title: "an image in use is not removed",
    script: `docker create --name cu busybox >/dev/null; docker tag busybox two:1; docker rmi two:1; docker tag busybox only:1
docker run --name cw busybox touch /w; docker commit cw used:1 >/dev/null; docker create --name cx used:1 >/dev/null; docker rmi used:1; echo "exit $?"
docker run -d --name cy used:1 sleep 100 >/dev/null; docker rmi used:1; echo "exit $?"; docker rmi -f used:1; echo "exit $?"; docker rmi nosuch; echo "exit $?"; docker rmi -f only:1`,
  },
  {
    title: "tag, images and their filters",
    script: `docker tag busybox a/b:c; docker tag busybox localhost:5000/x; docker images --format '{{.Repository}}:{{.Tag}}' | sort; docker images a/b --format '{{.Tag}}'; docker images -q | sort -u | wc -l
docker tag nosuch x; echo "exit $?"; docker tag busybox 'Bad Name'; echo "exit $?"; docker images --filter reference='a/*' --format '{{.Repository}}'; docker images --filter nope=1; echo "exit $?"
docker run --name cn busybox touch /n; docker commit cn after:1 >/dev/null; docker images --filter since=busybox --format '{{.Repository}}'; docker images --filter before=after:1 --format '{{.Repository}}' | sort -u; docker images --filter dangling=true -q | wc -l`,
  },
  {
    title: "ps has its columns, filters and short forms",
    script: `docker run -d --name one -l k=v busybox sleep 100 >/dev/null; docker run --name two busybox sh -c 'exit 3'; docker create --name three busybox >/dev/null
docker ps --format '{{.Names}} {{.Image}} {{.Command}} {{.Ports}}'; docker ps -a --format '{{.Names}}|{{.State}}|{{.Labels}}'; docker ps -aq | wc -l; docker ps -a --filter status=exited --format '{{.Names}} {{.Status}}'
docker ps -a --filter label=k=v --format '{{.Names}}'; docker ps -a --filter exited=3 --format '{{.Names}}'; docker ps -a --filter since=one --format '{{.Names}}'; docker ps -a --filter before=three --format '{{.Names}}'; docker ps -a --filter name=tw --format '{{.Names}}'; docker ps -n 1 --format '{{.Names}}'; docker ps -l -q | wc -l
docker ps -a --filter ancestor=busybox -q | wc -l; docker ps --filter nope=1; echo "exit $?"; docker ps -a --no-trunc --format '{{.Command}}' | sort; docker ps -a | cut -c1-40 | sed 's/ .*//' | sort | uniq -c | wc -l`,
  },
  {
    title: "inspect takes templates",
    script: `docker create --name ci -p 8080:80 -e A=b -l x=y --entrypoint echo busybox one two >/dev/null
docker inspect -f '{{.Path}} {{.Args}} {{.Config.Entrypoint}} {{.Config.Cmd}}' ci; docker inspect -f '{{json .Config.Labels}} {{.HostConfig.PortBindings}} {{json .HostConfig.PortBindings}}' ci; docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' ci | grep A=
docker inspect -f '{{.Nope}}' ci; echo "exit $?"; docker inspect -f '{{' ci; echo "exit $?"; docker inspect --type image ci 2>/dev/null; echo "exit $?"; docker inspect -f '{{.Name}} {{len .Mounts}} {{eq .State.Status "created"}}' ci busybox; echo "exit $?"`,
  },
  {
    title: "cp takes files in and out",
    script: `docker create --name ncc busybox >/dev/null; echo hello > f; docker cp f ncc:/tmp/g; docker cp ncc:/tmp/g - | tar tf -; docker cp ncc:/tmp/g h; cat h; mkdir d; echo 1 > d/1; docker cp d ncc:/; docker cp ncc:/d/1 -; docker cp ncc:/nosuch x; echo "exit $?"; docker cp nosuch ncc:/; echo "exit $?"`,
    except: [differences.copiedSize],
  },
];
