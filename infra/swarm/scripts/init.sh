#!/bin/sh
# On the first manager: initializes the swarm, once, and prints its id. Docker's own output has the join tokens.
#
# A first manager that lost its disk must not initialize a second swarm while other managers still have the first one: all
# nodes would join the new one, and every service would be lost.
#   ADDRESS  its address
#   OTHERS   the other managers' addresses
set -eu
. ../../remote/scripts/lib/wait-until.sh
. lib/find-manager.sh
. lib/joined-swarm.sh

others_are_gone() { ! find_manager "$OTHERS"; }

refuse() {
  echo "refusing to init a second swarm: manager $manager still responds; to lose what runs there: ./farm destroy, then ./farm up"
}

if [ "$(docker info -f '{{.Swarm.LocalNodeState}}')" != active ]; then
  # The other managers of a farm that is recreated take this long to stop.
  wait_until 120 "the other managers to be gone" others_are_gone refuse
  docker swarm init --advertise-addr "$ADDRESS" >/dev/null
elif [ "$(docker info -f '{{.Swarm.ControlAvailable}}')" != true ]; then
  echo "this node is a worker of the swarm and cannot become its only manager in one step: configure three managers first (./farm up), then one" >&2
  exit 1
fi
remember_swarm "$(docker swarm join-token -q worker)"
docker info -f '{{.Swarm.Cluster.ID}}'
