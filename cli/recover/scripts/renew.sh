#!/bin/sh
# On a manager whose certificate has expired: makes it the only manager, with a new certificate.
#
# A Docker that could not start its swarm answers --force-new-cluster that it is no manager (moby, Cluster.Init). Without
# docker-state.json it starts what is on its disk, and accepts an expired certificate (moby/swarmkit#1919); it writes that file
# again.
#   ADDRESS  its address
set -eu
systemctl start docker.socket docker.service
state=$(docker info -f '{{.DockerRootDir}}')/swarm/docker-state.json
systemctl stop docker.socket docker.service
rm -f "$state"
systemctl start docker.socket docker.service
docker swarm init --force-new-cluster --advertise-addr "$ADDRESS" >/dev/null ||
  [ "$(docker info -f '{{.Swarm.LocalNodeState}}')" = active ]
