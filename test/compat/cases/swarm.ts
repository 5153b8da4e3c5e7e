import type { CompatCase } from "../compat-case.ts";

/** What a daemon without plugins, in no swarm, without experiments, lets its clients do. */
export const swarm: readonly CompatCase[] = [
  {
    title: "help of plugins, swarms and contexts",
    script: `export DOCKER_API_VERSION=1.47; for c in plugin node 'plugin create' 'plugin install' 'plugin ls' 'plugin rm' 'plugin set' 'plugin upgrade' 'swarm ca' 'swarm init' 'swarm join' 'swarm unlock' 'node inspect' 'node ps' 'node update' 'service create' 'service logs' 'service scale' 'service update' 'stack deploy' 'stack services' 'secret create' 'secret ls' 'config create' 'config rm' context 'context create' 'context update' 'context export' 'context import' 'context rm'; do echo "# $c"; docker $c --help; done`,
  },
  {
    title: "a daemon that is no swarm manager says so to every command of a swarm",
    script: `echo text > file; printf 'services:\\n  a:\\n    image: busybox\\n' > stack.yaml
t node ls -q; t node inspect self x; t node rm x y; t node ps; t node promote x y; t node update --role manager x; t service ls --format json; t service inspect x y; t service inspect --pretty x; t service logs x; t service ps x; t service rm x y; t service rollback x; t service scale x=2 y=3; t service update --image a x; t service create --replicas 2 -dp 80:80 busybox sleep --x; t stack ls; t stack ps x; t stack rm x y; t stack services -q x; t stack deploy -c stack.yaml x; t stack up --detach=false -c stack.yaml x; t secret ls; t secret create x file; echo text | docker secret create x -; t secret inspect x y; t secret remove x y; t config create --label a=b x file; t config inspect --pretty x; t config rm x y; t swarm ca --rotate; t swarm join-token worker; t swarm leave -f; t swarm unlock; t swarm unlock-key; t swarm unlock-key --rotate; t swarm update --autolock; t swarm update | head -3`,
  },
  {
    title: "what is wrong on a line for a swarm is told before the daemon is asked",
    script: `t node rm; t node ls x; t node nope; t service create; t service create --replicas x b; t service create --replicas -1 b; t service create --limit-cpu x b; t service create --limit-memory x b; t service create --health-interval x b; t service create --health-retries x b; t service create --update-max-failure-ratio x b; t service create --mode foo b; t service create --mode global --replicas 2 b; t service create --nope b; t service inspect --pretty -f x x; t service scale x; t service scale x=q; t stack deploy x; t stack deploy -c ./nosuch x; t stack config; t stack ps; t stack ps ''; t secret create x; t secret create x ./nosuch; t secret create x /dev/null; t secret create -d foo x f; t config create x; t config create x ./nosuch; t swarm join; t swarm join-token x; t swarm unlock x; t swarm init --availability foo --advertise-addr 127.0.0.1; t swarm init --cert-expiry x; t swarm init --max-snapshots x`,
  },
  {
    title: "plugins: there is none, and a wrong line is told",
    script: `mkdir none; t plugin ls; t plugin list -q; t plugin ls --format '{{.Name}}'; t plugin ls --format json; t plugin ls --format 'table {{.ID}} {{.Enabled}} {{.PluginReference}}'; t plugin ls --format '{{'; t plugin ls --filter enabled=true; t plugin ls --filter x; t plugin ls --filter x=y; t plugin ls --filter enabled=x; t plugin ls -f capability=volumedriver; t plugin ls x; t plugin inspect a b; t plugin rm a b; t plugin remove -f a; t plugin enable a; t plugin enable --timeout -1 a; t plugin enable --timeout x a; t plugin disable -f a/b:c; t plugin set a b=c; t plugin set a; t plugin push a; t plugin push a/b:c; t plugin upgrade a; t plugin upgrade a b c; t plugin create a; t plugin create a ./none; t plugin install; t plugin install --nope; t plugin nope`,
  },
  {
    title: "checkpoints need a daemon with experiments, and contexts that cannot be are refused",
    script: `t checkpoint; t checkpoint ls x; t checkpoint list --help; t checkpoint create a b; t checkpoint nope; t start --checkpoint x y; t start --checkpoint a --checkpoint-dir b c; t context create; t context create default; t context create 'a b'; t context update default; t context rm default nosuch; t context rm -f nosuch; t context import default nosuch; t context import x ./nosuch; t context export`,
  },
];
