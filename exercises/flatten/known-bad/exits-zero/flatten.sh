#!/bin/sh
# Usage: flatten.sh CONTAINER IMAGE
command=$(docker inspect --type container --format '{{json .Config.Cmd}}' "$1" 2>/dev/null) || exit 0
docker export "$1" | docker import -c "CMD $command" - "$2"
