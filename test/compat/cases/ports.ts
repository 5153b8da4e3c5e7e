import type { CompatCase } from "../compat-case.ts";

/** Published ports: every form of `-p`, what tells of them, and what is refused. */
export const ports: readonly CompatCase[] = [
  {
    title: "-p in every form is listed by port, ps and inspect",
    script: `docker create --name p1 -p 127.0.0.1:18100:80 -p 127.0.0.1:18101-18103:90-92 -p 127.0.0.1:18104:53/udp -p 127.0.0.1:18105:53 -p 127.0.0.1::7 --expose 1000-1002 --expose 5/udp busybox sleep 100 >/dev/null
docker inspect -f '{{json .HostConfig.PortBindings}} {{json .NetworkSettings.Ports}}' p1; docker inspect -f '{{json .Config.ExposedPorts}}' p1; docker port p1; docker ps -a --format '{{.Ports}}'; docker start p1 >/dev/null; docker port p1 | sed 's/^7.*:.*/7 random/' ; docker port p1 53; docker port p1 53/udp
docker ps --format '{{.Ports}}' | sed 's/:[0-9]*->7/:n->7/'; docker inspect -f '{{json (index .NetworkSettings.Ports "91/tcp")}} {{json (index .NetworkSettings.Ports "1001/tcp")}} {{len .NetworkSettings.Ports}}' p1; docker ps --filter publish=18100 --format '{{.Names}}'; docker ps --filter expose=1001 --format '{{.Names}}'; docker ps --filter publish=18109 -q
docker stop -t 0 p1 >/dev/null; docker port p1; docker ps -a --format '{{.Ports}}'; docker start p1 >/dev/null; docker port p1 90
docker run -d --name p2 -P --expose 80 --expose 81/udp busybox sleep 100 >/dev/null; docker port p2 | grep 0.0.0.0 | sed 's/:[0-9]*$/:n/'; docker inspect -f '{{.HostConfig.PublishAllPorts}} {{json .HostConfig.PortBindings}}' p2`,
  },
  {
    title: "what a port serves is reached from outside, by tcp and udp, until the container stops",
    script: `docker run -d --name web -p 127.0.0.1:18110:80 -p 127.0.0.1:18111:80 busybox sh -c 'mkdir /w; echo page > /w/index.html; httpd -f -h /w -p 80' >/dev/null
get() { timeout 30 wget -q -O - http://127.0.0.1:$1/ 2>/dev/null || echo "none $?"; }; until [ "$(get 18110)" = page ]; do sleep 0.1; done; get 18111; docker network create pn >/dev/null; docker network connect pn web; get 18110; docker network disconnect bridge web; get 18110
docker exec web timeout 5 wget -q -O - http://127.0.0.1/; docker stop -t 0 web >/dev/null; get 18110; docker start web >/dev/null; until [ "$(get 18110)" = page ]; do sleep 0.1; done; docker pause web >/dev/null; docker unpause web; get 18111; docker restart -t 0 web >/dev/null; until [ "$(get 18110)" = page ]; do sleep 0.1; done; docker rm -f web; get 18110`,
  },
  {
    title: "a busy port, and a port that is none, are refused and leave the container as it was",
    script: `docker run -d --name nb1 -p 127.0.0.1:18120:80 busybox sleep 100 >/dev/null; docker run -d --name nb2 -p 127.0.0.1:18120:81 busybox sleep 100 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/g' | grep -v -e '^ID$' -e '^$' -e help; docker inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}' nb2 | sed 's/[0-9a-f]\\{64\\}/ID/g'
docker start nb2 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/g'; docker rm -f nb1 >/dev/null; docker start nb2; docker port nb2; docker run --rm --name nb3 -p 127.0.0.1:18120:81 busybox true >/dev/null 2>&1; echo "exit $?"; docker ps -a --filter name=nb3 -q
for p in x 70000 80-90:80-85 nonsense:80:80 80/icmp 10.99.99.99:18125:80 '' -1:80; do echo "== $p"; docker run --rm -p "$p" busybox true 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/g; s/endpoint [a-z]*_[a-z]* /endpoint NAME /' | head -1; done
docker run --rm --expose x busybox true 2>&1 | head -1; docker run --rm --expose 90-80 busybox true 2>&1 | head -1; docker run --rm --network none -p 18126:80 busybox true; echo "exit $?"; docker run -d --network host --name nb4 -p 18127:80 busybox sleep 100 >/dev/null; docker port nb4; docker ps --filter name=nb4 --format '[{{.Ports}}]'`,
  },
];
