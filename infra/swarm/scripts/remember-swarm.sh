#!/bin/sh
# On a manager whose swarm was restored from a backup: its disk then knows the swarm, or join.sh would leave it.
set -eu
. lib/joined-swarm.sh
remember_swarm "$(docker swarm join-token -q worker)"
