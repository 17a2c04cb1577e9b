#!/bin/sh
# On a manager: waits until a node that joined is ready, then gives it its role; all nodes join as workers. It keeps its tasks.
#
# A join that took too long may succeed after it was given up, and the next one makes a second member of the same name: the
# first is removed, since commands name the node.
#   NODE  the node's name
#   ID    its id in the swarm
#   ROLE  manager or worker
set -eu
. ../../remote/scripts/lib/wait-until.sh
. lib/change-node.sh
. lib/docker.sh
. lib/quorum.sh
. lib/role.sh

is_ready() { docker_says "nodes/$ID" '"Status":{"State":"ready"'; }

keeps_quorum() { has_quorum_without "$NODE"; }

list_alive() { echo "$alive of the $all other managers answer; bring them back first (./farm up --refresh)"; }

# A few heartbeats.
wait_until 300 "$NODE to be ready in the swarm" is_ready
for other in $(docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}}' |
  awk -v node="$NODE" -v id="$ID" '$1 != id && $2 == node && $3 == "Down" { print $1 }'); do
  change demote "$other" || true
  docker node rm --force "$other" >/dev/null
done
if [ "$(docker node inspect "$ID" -f '{{.Spec.Role}}')" = "$ROLE" ]; then
  :
elif [ "$ROLE" = manager ]; then
  promote
else
  # Another manager may just have been promoted.
  wait_until 120 "the other managers to have a quorum without $NODE, which becomes a worker" keeps_quorum list_alive
  demote
fi
