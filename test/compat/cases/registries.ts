import type { CompatCase } from "../compat-case.ts";

/** Starts Debian's registry beside the engine and waits until it listens; it is gone with the script. */
const registry = (port: number, more = ""): string => `
mkdir -p r${port}
printf 'version: 0.1\\nstorage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}\\nhttp: {addr: "127.0.0.1:${port}"}\\n${more}' "$PWD/r${port}/data" "$PWD" > r${port}/config.yml
: > r${port}/log; docker-registry serve r${port}/config.yml >> r${port}/log 2>&1 & registries="$registries $!"
trap 'kill $registries' EXIT
until grep -q "listening on" r${port}/log; do sleep 0.05; done
quiet() { sed -E 's/[0-9a-f]{12}: (Preparing|Waiting|Layer already exists|Pushed|Mounted from)/ID: \\1/; /: (Preparing|Waiting|Verifying Checksum|Download complete)$/d; s/size: [0-9]+/size: N/; s/sha256:[0-9a-f]{64}/DIGEST/g; s/^[0-9a-f]{12}:/ID:/'; }
`;

/** `user`, `secret`. */
const password = "auth: {htpasswd: {realm: locked, path: %s/htpasswd}}\\n";
const htpasswd = "user:$2b$04$HXwwMUoX1mjHU5EsM5w6o.BeDp3wNjMgvKDlbC4OfSW/fWAx1NfVq";

export const registryCases: readonly CompatCase[] = [
  {
    title: "push, pull by tag and by digest, all tags, and what is not there",
    script: `${registry(5000)}
docker create --name maker busybox > /dev/null; docker commit maker localhost:5000/app:1 > /dev/null; docker rm maker > /dev/null
docker tag localhost:5000/app:1 localhost:5000/app:2
docker push localhost:5000/app:1 | quiet; docker push localhost:5000/app:1 | quiet; docker push -q localhost:5000/app:2
docker tag localhost:5000/app:1 localhost:5000/other/name; docker push localhost:5000/other/name | quiet
docker push localhost:5000/none; docker push localhost:5000/app:none; docker push -a localhost:5000/app | quiet | sort; docker push -a localhost:5000/app:1
docker images --digests --format '{{.Repository}} {{.Tag}} {{.Digest}}' localhost:5000/app | quiet
digest=$(docker inspect -f '{{index .RepoDigests 0}}' localhost:5000/app:1)
docker rmi localhost:5000/app:1 localhost:5000/app:2 | quiet
docker pull localhost:5000/app:1 | quiet; docker pull -q localhost:5000/app:1; docker rmi localhost:5000/app:1 | quiet
docker pull -q "$digest" | quiet; docker inspect -f '{{len .RepoTags}} {{len .RepoDigests}}' "$digest"; docker rmi "$digest" | quiet
docker pull -a localhost:5000/app | quiet; docker images --format '{{.Tag}}' localhost:5000/app; docker pull -aq localhost:5000/app
docker pull localhost:5000/app:3; docker pull localhost:5000/nosuch; docker pull localhost:5000/app@sha256:${"0".repeat(64)}; docker pull localhost:5999/app; echo $?
docker pull -a localhost:5000/app:1; docker pull UPPER; docker pull localhost:5000/app:1 extra; docker push; docker pull localhost:5000/app:1 --platform bad/x/y/z
docker rmi -f $(docker images -q localhost:5000/app) > /dev/null`,
  },
  {
    title: "a registry with a password: login, pull, push, logout, and where the password is kept",
    script: `echo '${htpasswd}' > htpasswd; ${registry(5001, password)}
export DOCKER_CONFIG=$PWD/config; mkdir config
docker create --name maker busybox > /dev/null; docker commit maker localhost:5001/app:1 > /dev/null; docker rm maker > /dev/null
docker push localhost:5001/app:1 2>&1 | quiet; docker pull localhost:5001/app:1
echo wrong | docker login -u user --password-stdin localhost:5001; echo $?
echo secret | docker login -u user --password-stdin localhost:5001 2>/dev/null; echo $?
cat config/config.json; docker push localhost:5001/app:1 | quiet; docker rmi localhost:5001/app:1 | quiet; docker pull -q localhost:5001/app:1
docker logout localhost:5001; cat config/config.json; docker logout localhost:5001; docker pull -q localhost:5001/app:1
docker login --password-stdin localhost:5001 < /dev/null; docker login -u user -p x --password-stdin localhost:5001 < /dev/null; docker login localhost:1 -u a -p b
docker rmi localhost:5001/app:1 > /dev/null`,
  },
  {
    title: "a credential helper keeps what login is told, is asked by pull and push, and forgets at logout",
    script: `echo '${htpasswd}' > htpasswd; ${registry(5004, password)}
export DOCKER_CONFIG=$PWD/config PATH=$PWD:$PATH; mkdir config; echo '{"credsStore": "kept"}' > config/config.json
cat > docker-credential-kept <<'END'
#!/bin/sh
echo "$1" >> asked
case $1 in
store) cat > kept;;
get) cat > /dev/null; cat kept 2> /dev/null || { echo credentials not found in native keychain; exit 1; };;
erase) cat >> erased; echo >> erased; rm -f kept;;
esac
END
chmod +x docker-credential-kept
docker create --name maker busybox > /dev/null; docker commit maker localhost:5004/app:1 > /dev/null; docker rm maker > /dev/null
echo secret | docker login -u user --password-stdin localhost:5004; echo $?; cat config/config.json kept; echo; cat asked
docker push -q localhost:5004/app:1; docker rmi localhost:5004/app:1 | quiet; docker pull -q localhost:5004/app:1; sort asked | uniq
docker logout localhost:5004; cat config/config.json; echo; sort erased | uniq; docker pull localhost:5004/app:1 2>&1; echo $?
echo '{"credHelpers": {"localhost:5004": "nosuch"}}' > config/config.json
echo secret | docker login -u user --password-stdin localhost:5004; echo $?; cat config/config.json; docker pull localhost:5004/app:1 2>&1; docker logout localhost:5004; echo $?
printf '#!/bin/sh\necho no room; exit 3\n' > docker-credential-nosuch; chmod +x docker-credential-nosuch; echo secret | docker login -u user --password-stdin localhost:5004; echo $?
docker rmi localhost:5004/app:1 > /dev/null`,
  },
];
