#!/bin/sh
# Usage: stop.sh NAME...
docker stop -t 5 "$@" >/dev/null
for name; do
  if [ "$(docker inspect --format '{{.State.ExitCode}}' "$name")" = 0 ]; then
    docker rm "$name"
  fi
done
