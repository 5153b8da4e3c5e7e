import type { CompatCase } from "../compat-case.ts";

/** What `run`'s network flags give, seen from inside the container and by inspect. */
export const networks: readonly CompatCase[] = [
  {
    title: "every kind of network is told by inspect, before and while the container runs",
    script: `docker network create --subnet 10.78.0.0/24 --gateway 10.78.0.1 nk >/dev/null
for net in none host nk default; do docker create --name "k-$net" --network $net busybox sleep 100 >/dev/null; echo "== $net"
  docker inspect -f '{{.HostConfig.NetworkMode}}{{range $k, $v := .NetworkSettings.Networks}} {{$k}} [{{$v.IPAddress}}] {{len $v.NetworkID}} {{json $v.IPAMConfig}} {{json $v.Aliases}}{{end}}' "k-$net"; docker start "k-$net" >/dev/null
  docker inspect -f '{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{$v.Gateway}} {{$v.IPPrefixLen}} {{len $v.EndpointID}}{{end}} {{.NetworkSettings.Bridge}}' "k-$net"; done
docker exec k-nk sh -c 'ip -4 addr show eth0 | grep -o "inet [0-9./]*"; ip route; cat /etc/resolv.conf | grep -e nameserver -e options | sort'
docker exec k-none sh -c 'ls /sys/class/net; ip route; cat /etc/hosts | grep -c k-'; docker exec k-host hostname | wc -w
docker run --rm --network nosuch busybox true; echo "exit $?"; docker run --rm --network container: busybox true; echo "exit $?"; 
docker create --name kc --network container:k-nk busybox >/dev/null; docker inspect -f '{{len .NetworkSettings.Networks}}' kc; docker stop -t 0 k-nk >/dev/null; docker start kc 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/g'`,
  },
  {
    title: "several networks on one container: addresses, the default route, and what goes with what",
    script: `docker network create --subnet 10.81.0.0/24 na >/dev/null; docker network create --subnet 10.82.0.0/24 nb >/dev/null; docker network create --internal --subnet 10.83.0.0/24 ni >/dev/null
docker create --name two --network nb busybox sleep 100 >/dev/null; docker network connect na two; docker network connect ni two; docker start two
docker exec two sh -c 'ip -4 -o addr | grep -o "inet [0-9./]*" | sort; ip route | grep ^default | grep -o "via [0-9.]*"; grep -c two /etc/hosts'; docker inspect -f '{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{$v.IPAddress}} {{$v.Gateway}};{{end}}' two
docker network disconnect nb two; docker exec two sh -c 'ip -4 -o addr | grep -o "inet [0-9./]*" | sort'; docker network disconnect nb two 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/g'; docker network connect --ip 10.82.0.9 --alias nine nb two; docker exec two nslookup nine | grep -o 10.82.0.9
docker network connect host two; echo "exit $?"; docker network connect none two; echo "exit $?"; docker run -d --name hosted --network host busybox sleep 100 >/dev/null; docker network connect na hosted; echo "exit $?"; docker network disconnect host hosted; echo "exit $?"
docker network connect na two; echo "exit $?"; docker network connect --ip 10.81.0.1 na hosted; echo "exit $?"
docker network rm na 2>&1 | grep -c 'active endpoints'; docker network rm bridge; echo "exit $?"; docker network create bridge; echo "exit $?"`,
  },
  {
    title: "an address and aliases are had as asked for, or refused",
    script: `docker network create --subnet 10.84.0.0/24 nm >/dev/null; docker network create nauto >/dev/null
docker run -d --name m1 --network nm --ip 10.84.0.7 --network-alias one --network-alias uno -h named busybox sleep 100 >/dev/null
docker exec m1 sh -c 'ip -4 -o addr show eth0 | grep -o "inet [0-9./]*"; hostname; tail -1 /etc/hosts'
docker inspect -f '{{range .NetworkSettings.Networks}}{{json .IPAMConfig}} {{.IPAddress}} {{.MacAddress}} {{index .Aliases 0}} {{index .Aliases 1}}{{end}}' m1
docker run --rm --network nm busybox sh -c 'ip -4 -o addr show eth0 | grep -o "inet [0-9./]*"; for n in one named m1.nm nosuch; do nslookup $n 2>/dev/null | grep -c 10.84.0.7; done'
for flags in "--network nm --ip 10.84.0.7" "--network nm --ip 10.99.0.7" "--network nauto --ip 172.30.0.9" "--ip 172.17.0.9" "--network-alias x" "--network nm --ip nonsense"; do docker run --rm $flags busybox hostname 2>&1 | sed 's/(.*)//' | grep -v -e '^$' -e "See 'docker" -e "Run 'docker"; done
docker stop -t 0 m1 >/dev/null; docker start m1 >/dev/null; docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.MacAddress}}{{end}}' m1; docker network inspect -f '{{range .Containers}}{{.Name}} {{.IPv4Address}} {{.MacAddress}}{{end}}' nm`,
  },
  {
    title: "a link on the default bridge gives hosts and variables, on another network a name",
    script: `docker run -d --name sql -e PASSWORD=secret -e TWO='a b' --expose 5432 --expose 53/udp busybox sleep 100 >/dev/null; ip=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' sql); id=$(docker inspect -f '{{.Id}}' sql | cut -c1-12)
docker run --rm --name app --link sql:store --link sql busybox sh -c 'env | grep -e STORE -e SQL | sort; grep -e store -e sql /etc/hosts | sort -k 3' | sed "s/$ip/IP/g; s/$id/ID/g"
docker run -d --name keep --link sql:store busybox sleep 100 >/dev/null; docker inspect -f '{{.HostConfig.Links}}' keep; docker exec keep env | grep -c STORE_; docker exec keep ping -c 1 -W 20 store | grep -c ' 0% packet loss'
docker run --rm --link nosuch busybox true; echo "exit $?"; docker stop -t 0 sql >/dev/null; docker run --rm --name late --link sql:x busybox true; echo "exit $?"; docker run --rm --link sql:store:x busybox true; echo "exit $?"; docker run --rm --network none --link sql busybox true; echo "exit $?"; docker run --rm --network host --link sql busybox true; echo "exit $?"
docker network create lk >/dev/null; docker run -d --name web --network lk busybox sleep 100 >/dev/null; docker run --rm --network lk --link web:site busybox sh -c 'ping -c 1 -W 20 site | grep -c " 0% packet loss"; env | grep -c SITE_; grep -c site /etc/hosts'`,
  },
  {
    title: "names and resolvers are written as asked for",
    script: `docker run --rm -h box.example.org --add-host a.b:1.2.3.4 --add-host c:10.0.0.1 --add-host six:::1 busybox sh -c 'cat /etc/hosts | grep -v 172.17; hostname; cat /etc/hostname'
docker run --rm --add-host up:host-gateway busybox grep up /etc/hosts; docker run --rm --dns 9.9.9.9 --dns 1.1.1.1 --dns-search a.org --dns-search b.org --dns-option ndots:3 --dns-opt timeout:1 busybox cat /etc/resolv.conf | sort
docker network create nd >/dev/null; docker run --rm --network nd --dns 9.9.9.9 --dns-search . busybox cat /etc/resolv.conf | sort; docker run --rm --network none --dns 9.9.9.9 busybox cat /etc/resolv.conf; docker run --rm -h h --domainname d.org busybox sh -c 'hostname; hostname -f; tail -1 /etc/hosts | cut -f 2'
docker run --rm --add-host nonsense busybox true; echo "exit $?"; docker run --rm --add-host a:nonsense busybox true; echo "exit $?"; docker run --rm --dns nonsense busybox true; echo "exit $?"; docker run --rm --dns-search 'a b' busybox true; echo "exit $?"; docker run --rm -h -bad busybox hostname; echo "exit $?"; docker run --rm -h 'a b' busybox hostname; echo "exit $?"
docker run --rm -h $(printf 'x%.0s' $(seq 70)) busybox hostname; echo "exit $?"`,
  },
  {
    title: "networks of other kinds are refused, and what a network keeps for others no container gets",
    script: `for f in "--ipv6" "--subnet 10.85.0.0/24 --subnet 10.86.0.0/24" "--scope swarm" "--ingress" "-d host" "-d overlay"; do echo "== $f"; docker network create $f kind; done; docker run --rm --ip6 fd00::5 busybox true 2>&1 | grep -o 'user specified.*'
for f in 10.61.0.0/31 10.61.0.0/32 "10.61.1.0/24 --gateway 10.61.1.0" "10.61.1.0/24 --gateway 10.61.1.255" "10.61.1.0/24 --ip-range 10.61.1.0/32" "10.61.1.0/24 --aux-address a=10.61.1.1"; do echo "== $f"; docker network create --subnet $f kind; done; docker network create -o com.docker.network.bridge.name=sw8 one >/dev/null; docker network create -o com.docker.network.bridge.name=sw8 two; docker network create -o com.docker.network.bridge.name= three | wc -c; docker network create --subnet 10.61.0.0/16 --ip-range 10.61.10.0/24 part >/dev/null; docker run --rm --network part busybox sh -c 'ip -4 -o addr show eth0 | grep -o "inet [0-9./]*"; ip route | grep -o "default via [0-9.]*"'
docker network create --attachable --label x=y --subnet 10.87.0.0/24 --aux-address a=10.87.0.2 --aux-address b=10.87.0.3 kept >/dev/null; docker network inspect -f '{{.Attachable}} {{(index .IPAM.Config 0).AuxiliaryAddresses}} {{.Labels}}' kept; docker run --rm --network kept busybox sh -c 'ip -4 -o addr show eth0 | grep -o "inet [0-9./]*"'; docker run --rm --network kept --ip 10.87.0.2 busybox true 2>&1 | grep -o 'Address already in use'; docker network create --subnet 10.88.0.0/24 --aux-address a=10.99.0.2 odd 2>&1 | grep -c 'Error'`,
  },
  {
    title: "a bridge has the MTU that is asked for, and with enable_icc=false its containers reach the gateway and not each other",
    script: `for o in driver.mtu=abc driver.mtu=-1 bridge.enable_icc=maybe bridge.enable_icc= bridge.enable_ip_masquerade=x; do docker network create -o com.docker.network.$o bad 2>&1; done; docker network ls -q --filter name=bad
docker network create -o com.docker.network.driver.mtu=1234 narrow >/dev/null; docker run --rm --network narrow busybox cat /sys/class/net/eth0/mtu; docker run --rm --network narrow busybox cat /sys/class/net/eth0/mtu; docker network create -o com.docker.network.driver.mtu=0 usual >/dev/null; docker run --rm --network usual busybox cat /sys/class/net/eth0/mtu
docker network create -o com.docker.network.driver.mtu=67 tiny >/dev/null; docker run --rm --network tiny busybox true >/dev/null 2>&1; echo "exit $?"; docker network create -o com.docker.network.bridge.enable_icc=false apart >/dev/null; docker network create -o com.docker.network.bridge.enable_icc=true near >/dev/null
for n in apart near; do case $n in apart) secs=2;; near) secs=30;; esac; docker run -d --name web-$n --network $n -p 80 busybox sh -c 'mkdir /w; echo hi > /w/index.html; httpd -f -h /w' >/dev/null; until docker exec web-$n wget -qO- http://127.0.0.1/ >/dev/null 2>&1; do :; done; docker run --rm --network $n busybox sh -c "timeout $secs wget -qO- http://web-$n/ 2>/dev/null || echo nobody; ping -c 1 -W 20 \\$(ip route | sed -n 's/default via \\([^ ]*\\).*/\\1/p') >/dev/null && echo gateway"; done
docker rm -f web-apart web-near >/dev/null; docker network rm narrow usual tiny apart near`,
  },
  {
    title: "--mac-address is the interface's, inside and in inspect, on every kind of bridge and after stop and start",
    // Clients of API 1.44 and later refuse it at an older daemon, whose own client then asks.
    script: `m=docker; docker create --name probe --mac-address 92:d0:c6:0a:29:33 busybox true >/dev/null 2>&1 || m=/usr/bin/docker; docker rm -f probe >/dev/null 2>&1; docker network create lan >/dev/null
for n in bridge lan; do $m run -d --name on-$n --network $n --mac-address 92:D0:c6:0a:29:33 busybox sleep 100 >/dev/null; docker exec on-$n cat /sys/class/net/eth0/address; docker inspect -f "{{(index .NetworkSettings.Networks \\"$n\\").MacAddress}}" on-$n; docker stop -t 0 on-$n >/dev/null; docker start on-$n >/dev/null; docker exec on-$n cat /sys/class/net/eth0/address; done; docker inspect -f '{{.NetworkSettings.MacAddress}}' on-bridge
$m run --rm --mac-address nope busybox true 2>&1 | head -1 | tr -d .; $m run --rm --mac-address 92-d0-c6-0a-29-34 busybox cat /sys/class/net/eth0/address; docker rm -f on-bridge on-lan >/dev/null; docker network rm lan`,
  },
];
