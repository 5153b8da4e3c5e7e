#!/bin/sh
docker rm -f "$@"
