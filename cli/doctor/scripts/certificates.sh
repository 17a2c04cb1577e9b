#!/bin/sh
# On a node: prints its clock, its certificate of the swarm and the swarm's CA, and what the clock check of the guest image
# reports when it fails. Certificates are public, and swarm-node.crt has no key.
set -eu
date +now=%s
if cd /var/lib/docker/swarm/certificates 2>/dev/null; then
  { cat swarm-node.crt && echo authority && cat swarm-root-ca.crt; } || true
fi
clock=/usr/lib/swarm-farm/clock
if [ -x "$clock" ]; then
  report=$("$clock" 2>&1) || echo "clock=$(echo "$report" | tr '\n' ' ')"
fi
