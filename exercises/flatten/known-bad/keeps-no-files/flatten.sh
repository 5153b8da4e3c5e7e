#!/bin/sh
# Usage: flatten.sh CONTAINER IMAGE
set -e
if ! command=$(docker inspect --type container --format '{{json .Config.Cmd}}' "$1" 2>/dev/null); then
  echo "flatten.sh: no such container: $1" >&2
  exit 3
fi
# The image that the container is made of, without what the container changed.
image=$(docker inspect --format '{{.Image}}' "$1")
id=$(docker create "$image")
docker export "$id" | docker import -c "CMD $command" - "$2"
docker rm "$id" >/dev/null
