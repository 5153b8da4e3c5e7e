import type { CompatCase } from "../compat-case.ts";
import { differences } from "../differences.ts";

/** `docker cp` in every form. */
export const copy: readonly CompatCase[] = [
  {
    title: "cp into folders, onto files, with and without a slash behind",
    script: `docker create --name one busybox >/dev/null; mkdir -p d/sub; echo 1 > d/f; echo 2 > d/sub/g; echo 3 > file
docker cp -q file one:/tmp; docker cp -q file one:/tmp/renamed; t cp -q file one:/nosuch/; t cp -q file one:/nosuch/x; docker cp -q d one:/tmp; docker cp -q d one:/copied; t cp -q d/. one:/flat; docker cp -q d/. one:/tmp/d; docker cp -q d/ one:/slashed; t cp -q d one:/etc/passwd; t cp -q file one:/etc/passwd/; t cp -q file/ one:/
docker start one >/dev/null; docker wait one >/dev/null; docker export one | tar tf - | grep -e ^tmp/ -e copied -e flat -e slashed | sort
docker cp -q one:/tmp/d out; find out | sort; docker cp -q one:/tmp/d out; find out | sort; docker cp -q one:/tmp/d/. out; find out | sort; t cp -q one:/tmp/file nosuch/; t cp -q one:/tmp/d file; docker cp -q one:/tmp/file out/; docker cp -q one:/tmp/file/ x 2>&1 | sed 's/lstat .*:/lstat:/'; docker cp -q one:/tmp/renamed .; cat renamed out/file; docker cp -q one:tmp/file rel; cat rel`,
    except: [differences.earlyAnswer],
  },
  {
    title: "cp's streams: a tar goes in and comes out",
    script: `docker create --name one busybox >/dev/null; mkdir -p d/sub; echo 1 > d/f; ln -s f d/l; echo 2 > d/sub/g; chmod 640 d/f
tar -c d | t cp - one:/tmp; docker cp one:/tmp/d - | tar tf - | sort; docker cp one:/tmp/d/f - | tar xOf -; docker cp one:/tmp/d/. - | tar tf - | sort; docker cp one:/tmp/d/l - | tar tvf - | sed 's/.* d*l/l/'; docker cp -L one:/tmp/d/l - | tar tf -
tar -c d | t cp - one:/nosuch; tar -c d | t cp - one:/etc/passwd; docker cp - - </dev/null; echo "exit $?"; docker cp - x </dev/null; echo "exit $?"; t cp one:/x one:/y; t cp a b; t cp one:/nosuch - ; t cp nosuch:/x -; t cp '' one:/; t cp d one:; t cp :x y; t cp ./a:b one:/; echo c > a:b; docker cp -q ./a:b one:/; docker cp -q one:/a:b - | tar tf -
tar -cz d | docker cp - one:/var; docker cp one:/var/d/f - | tar xOf -; echo junk | docker cp - one:/tmp >/dev/null 2>&1; echo "exit $?"; docker cp - one:/tmp </dev/null; echo "exit $?"`,
    except: [differences.earlyAnswer],
  },
  {
    title: "cp and links, followed or kept, within the container's own tree",
    script: `docker run --name one busybox sh -c 'mkdir -p /d/real; echo in > /d/real/f; ln -s real /d/dir; ln -s real/f /d/lf; ln -s /d/real/f /d/abs; ln -s nowhere /d/broken; ln -s ../../../../d/real /d/up'
docker cp -q one:/d/lf o1; ls -l o1 | sed 's/.* o1/o1/'; docker cp -qL one:/d/lf o2; cat o2; docker cp -q one:/d/abs o3; ls -l o3 | sed 's/.* o3/o3/'; docker cp -qL one:/d/abs o4; cat o4; docker cp -q one:/d/dir o5; ls -l o5 | sed 's/.* o5/o5/'; docker cp -qL one:/d/dir o6; ls o6; docker cp -q one:/d/dir/f o7; cat o7; docker cp -q one:/d/up/f o8; cat o8; docker cp -q one:/d/broken o9; ls -l o9 | sed 's/.* o9/o9/'; t cp -qL one:/d/broken o10; docker cp -q one:/d/dir/. o11; ls o11; docker cp -q one:/d/dir/ o12; ls -ld o12 | cut -c1; ls o12
echo new > n; ln -s n link; mkdir h; echo hf > h/f; ln -s h hl; docker cp -q link one:/l1; docker cp -qL link one:/l2; docker cp -q hl one:/hl1; docker cp -qL hl one:/hl2; docker cp -q hl/ one:/hl3; docker cp -q n one:/d/dir; docker cp -q n one:/d/lf; t cp -q n one:/d/broken; docker cp -q n one:/d/dir/x
docker export one | tar tvf - | sed -n 's/.* \\([hld][^ ]*\\( -> .*\\)*\\)$/\\1/p' | grep -e '^h*l[0-9]*' -e ^d/ | sort; docker cp one:/d/real/f - | tar xOf -`,
  },
  {
    title: "cp -a keeps owners, without it files are of whoever copies, and modes stay",
    script: `docker run --name one busybox sh -c 'mkdir /d; echo x > /d/f; chown 1234:5678 /d/f; chmod 4751 /d/f; touch -d "2001-02-03 04:05:06" /d/f; chmod 1777 /d'
docker cp -q one:/d plain; stat -c '%a %n' plain plain/f; TZ=UTC stat -c '%y' plain/f | cut -c1-19; docker cp -q -a one:/d kept; stat -c '%a %n' kept/f; echo mine > m; chmod 600 m; docker cp -q m one:/m1; docker cp -qa m one:/m2; docker cp -q plain one:/back; docker export one | tar --numeric-owner -tvf - | grep -e ' m[12]$' -e ' back/' | sed 's/ [0-9]* 20[0-9-]* [0-9:]*//' | sort
docker cp --archive=false -q m one:/m3; docker cp --quiet=false m one:/m4 2>/dev/null; t cp --nope m one:/x; t cp -L; docker container cp -q m one:/m5; docker cp one:/m5 - | tar tf -`,
  },
  {
    title: "cp with volumes, a running container, and a read-only one",
    script: `docker run -d --name one -v vol:/v --tmpfs /t busybox sleep 100 >/dev/null; echo x > f; docker cp -q f one:/v/f; docker exec one cat /v/f; docker exec one sh -c 'echo t > /t/f'; docker cp one:/t/f - | tar xOf -; docker cp -q f one:/t/g; docker exec one cat /t/g; docker cp -q one:/etc/hostname hn; test -s hn && echo named; t cp -q one:/proc/1/comm c
docker run -d --name two --read-only -v vol:/v -v "$PWD:/ro:ro" busybox sleep 100 >/dev/null; t cp -q f two:/f; docker cp -q f two:/v/g; docker exec two ls /v; t cp -q f two:/ro/x; docker cp two:/v - | tar tf - | sort; docker pause one >/dev/null; docker cp one:/v/f - | tar xOf -; docker unpause one >/dev/null; docker stop -t 0 one >/dev/null; docker cp one:/v/f - | tar xOf -`,
  },
  {
    title: "a copy makes what volumes and binds of a container that never ran are mounted on, and diff tells of it",
    script: `echo hi > f; docker create --name one -v /data -v vol:/a/b -v "$PWD/f:/file" --tmpfs /tt busybox true > /dev/null; docker diff one; docker cp -q f one:/data/f; docker diff one | sort; docker cp -q one:/data/f g; cat g
docker cp -q f one:/etc/f; docker start -a one; docker diff one | sort; docker create --name two -v /data busybox true > /dev/null; docker cp two:/etc/passwd - | tar tf -; docker diff two
docker create --name three -v /data busybox true > /dev/null; t cp -q three:/nosuch x; docker diff three; docker commit three of:three > /dev/null; docker run --rm of:three ls -d /data; docker rm -v one two three > /dev/null; docker volume rm vol; docker rmi of:three > /dev/null`,
  },
];
