import type { CompatCase } from "../compat-case.ts";

/** What `docker exec` takes and says, and the files of variables and labels. */
export const exec: readonly CompatCase[] = [
  {
    title: "exec takes a folder and a user, and says which it does not find",
    script: `docker run -d --name one -w /var -u daemon -e A=1 busybox sleep 100 >/dev/null
docker exec one sh -c 'pwd; id; echo $A'; docker exec -w /tmp one pwd; docker exec -u 0 one id -u; docker exec -u root:daemon one id; docker exec -u 1234 one id; docker exec -u 12:34 -w /etc one sh -c 'id -u; id -g; pwd'
docker exec -u nosuch one true 2>/dev/null; echo "exit $?"; docker exec -u 0:nosuch one true 2>/dev/null; echo "exit $?"; t exec -w rel one true; docker exec -w /nosuch one true 2>/dev/null; echo "exit $?"; docker exec -w "" one pwd
docker exec -u 1:2:3 one true >/dev/null 2>&1; echo "exit $?"; docker exec --user=bin --workdir=/bin one sh -c 'id -un; pwd'`,
  },
  {
    title: "exec's variables come from flags, files and the caller",
    script: `docker run -d --name one -e A=1 -e B=2 busybox sleep 100 >/dev/null
docker exec -e A=x -e C= -e 'D=a b' -e D one sh -c 'echo "$A|$B|$C|$D"'; FROM=host docker exec -e FROM -e NOTTHERE one env | grep -e FROM -e NOTTHERE; printf 'E=file\\n# comment\\n\\nF=f f \\nHERE\\n  G=spaces\\n' > vars; HERE=yes docker exec --env-file vars -e E=flag one sh -c 'echo "$E|$F|$HERE|$G"'
docker exec --env-file vars --env-file vars one sh -c 'echo $E'; t exec --env-file nosuch one true; echo '=x' > bad; t exec --env-file bad one true; echo 'a b=x' > bad; t exec --env-file bad one true; t exec -e =x one true; t exec -e "" one true; printf 'A=\\377\\n' > bad; t exec --env-file bad one true
docker exec one env | sed 's/HOSTNAME=.*/HOSTNAME/' | sort; docker exec -t one sh -c 'echo $TERM'; docker inspect -f '{{.Config.Env}}' one | grep -c A=1`,
  },
  {
    title: "exec detached, privileged, with input and terminal, and its codes",
    script: `docker run -d --name one busybox sleep 100 >/dev/null
docker exec -d one sh -c 'echo made > /made'; echo "exit $?"; until docker exec one test -s /made; do sleep 0.05; done; docker exec one cat /made; docker exec -d one nosuchprogram >/dev/null 2>&1; echo "exit $?"
printf 'a\\nb\\n' | docker exec -i one wc -l; printf x | t exec one cat; head -c 300000 /dev/zero | docker exec -i one wc -c; docker exec one sh -c 'head -c 300000 /dev/zero' | wc -c
t exec -it one true; docker exec -t one tty | sed 's/[0-9]*$//'; t exec one tty; docker exec one sh -c 'exit 42'; echo "exit $?"; docker exec one sh -c 'kill -TERM $$'; echo "exit $?"
docker exec one /etc >/dev/null 2>&1; echo "exit $?"; docker exec one ''  >/dev/null 2>&1; echo "exit $?"; docker exec --detach-keys 'a,b' one echo keys; t exec --detach-keys nonsense one echo keys; t exec -di one true; t exec -dt one true
docker stop -t 0 one >/dev/null; docker exec one true 2>&1 | sed 's/container [0-9a-f]* /container ID /'; docker rm one >/dev/null; t exec one true`,
  },
  {
    title: "exec keeps its two streams apart, and a killed process 1 ends it",
    script: `docker run -d --name one busybox sleep 100 >/dev/null
docker exec one sh -c 'echo out; echo err >&2' 2>/dev/null; docker exec one sh -c 'echo out; echo err >&2' 2>&1 >/dev/null; docker exec -t one sh -c 'echo out; echo err >&2' 2>/dev/null | sort
(until docker exec one test -e /begun; do sleep 0.05; done; docker kill one) >/dev/null & docker exec one sh -c 'touch /begun; sleep 50'; echo "exit $?"; wait; docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' one
docker start one; docker exec one sh -c 'ls /begun; sleep 100 & echo $! >/dev/null'; docker exec one ps -o args | grep -c 'sleep 100'; docker inspect -f '{{len .ExecIDs}}' one 2>/dev/null || docker inspect -f '{{.ExecIDs}}' one; docker restart -t 0 one; docker exec one ps -o args | grep -c 'sleep 100'`,
  },
  {
    title: "files of variables and labels for run, with everything that may be wrong in them",
    script: `printf 'A=1\\nB = 2\\n C=3\\nD="q"\\nE=a=b\\n#F=1\\nG=#x\\n\\n\\tH=tab\\nI=\\nHOME=/h\\n' > vars; docker run --rm --env-file vars busybox sh -c 'env | grep -e "^[A-I]=" | sort; echo $HOME'; echo "exit $?"
printf 'A=1\\nC=3\\nD="q"\\nE=a=b\\n#F=1\\nG=#x\\n\\n\\tH=tab\\nI=\\nHOME=/h\\n' > vars; docker run --rm --env-file vars -e A=2 busybox sh -c 'env | grep -e "^[A-I]=" | sort; echo $HOME'; printf 'NOEND' > n; NOEND=1 docker run --rm --env-file n --env-file vars busybox sh -c 'echo $NOEND $A'
printf 'x=y\\nz\\n# no\\n a.b/c=d e\\nq="r"\\n' > labels; t create --name one --label-file labels -l x=flag -l =v busybox; docker create --name one --label-file labels -l x=flag --label other busybox >/dev/null; docker inspect -f '{{json .Config.Labels}}' one; printf 'a b=x\\n' > bad; t create --label-file bad busybox; printf '=x\\n' > bad; t create --label-file bad busybox; t create --label-file . busybox; t create --env-file . busybox
docker create -l '' busybox | wc -c; docker create --name two -l 'a b=c' busybox >/dev/null; docker inspect -f '{{json .Config.Labels}}' two`,
  },
  {
    title: "lines of 64 KiB and more, and files and answers without an end",
    script: `long() { head -c $1 /dev/zero | tr '\\0' a; }
for size in 65533 65534; do (echo A=1; printf B=; long $size; echo; echo C=3) > vars; t run --rm --env-file vars busybox sh -c 'echo $A \${#B} $C'; (printf B=; long $size) > vars; t run --rm --env-file vars busybox sh -c 'echo \${#B}'; done
for flag in --env-file --label-file; do t create $flag /dev/zero busybox; done; docker run -d --name one busybox sleep 100 >/dev/null; t exec --env-file /dev/zero one true
tr '\\0' y < /dev/zero | docker network prune; echo "exit $?"; docker ps -aq | wc -l`,
  },
  {
    title: "of what a health check prints 4096 bytes are told",
    script: `docker run -d --name one --health-cmd 'head -c 4095 /dev/zero | tr "\\0" a; echo bb' --health-interval 200ms busybox sleep 100 >/dev/null
docker run -d --name two --health-cmd 'head -c 4096 /dev/zero | tr "\\0" a' --health-interval 200ms busybox sleep 100 >/dev/null
for c in one two; do for i in $(seq 200); do [ "$(docker inspect -f '{{len .State.Health.Log}}' $c)" = 0 ] || break; sleep 0.1; done; docker inspect -f '{{(index .State.Health.Log 0).Output}}' $c | wc -c; docker inspect -f '{{(index .State.Health.Log 0).Output}}' $c | tail -c 6; done`,
  },
];
