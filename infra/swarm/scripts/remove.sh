#!/bin/sh
# On a manager: drains a node, waits until its tasks run elsewhere, and removes it from the swarm, a dead one too. A manager
# is demoted first, unless the other managers have no quorum without it.
#   NODE  the node's name
set -eu
. ../../remote/scripts/lib/wait-until.sh
. lib/change-node.sh
. lib/quorum.sh
. lib/role.sh
. lib/drain.sh
exit_if_missing "$NODE"
role=$(docker node inspect "$NODE" -f '{{.Spec.Role}}')
if [ "$role" = manager ] && ! has_quorum_without "$NODE"; then
  echo "$NODE is not removed: $alive of the $all other managers answer, and the swarm would lose its quorum; bring the others back first (./farm up --refresh)" >&2
  exit 1
fi
drain
if [ "$role" = manager ]; then demote; fi
docker node rm --force "$NODE" >/dev/null
