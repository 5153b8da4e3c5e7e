#!/bin/sh
# Usage: flatten.sh CONTAINER IMAGE
set -e
if ! command=$(docker inspect --type container --format '{{json .Config.Cmd}}' "$1" 2>/dev/null); then
  echo "flatten.sh: no such container: $1" >&2
  exit 3
fi
docker commit "$1" "$2"
