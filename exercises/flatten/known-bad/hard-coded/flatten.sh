#!/bin/sh
docker export origin | docker import -c 'CMD ["cat", "/tmp/note"]' - flat:v1
