#!/bin/sh
# On a manager: prints when its raft log was last written, in seconds since 1970.
set -eu
root=$(docker info -f '{{.DockerRootDir}}')
stat -c %Y "$root"/swarm/raft/wal-v3-encrypted/* | sort -n | tail -n 1
