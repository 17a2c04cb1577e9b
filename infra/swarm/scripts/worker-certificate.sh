#!/bin/sh
# On a worker: waits until its certificate is a worker's.
#
# A node that was demoted keeps a manager's certificate for 12 s and more. If the managers lose their quorum in that time, it
# joins them as a manager once they are back, then becomes a worker, and the quorum is lost again although no node is.
#   NODE  its name
set -eu
. ../../remote/scripts/lib/wait-until.sh

has_worker_certificate() {
  sed /-----/d "$(docker info -f '{{.DockerRootDir}}')/swarm/certificates/swarm-node.crt" | base64 -d 2>/dev/null | grep -aq swarm-worker
}

wait_until 180 "$NODE to have the certificate of a worker" has_worker_certificate
