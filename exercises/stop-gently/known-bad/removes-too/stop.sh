#!/bin/sh
docker stop -t 5 "$@" >/dev/null
docker rm "$@"
