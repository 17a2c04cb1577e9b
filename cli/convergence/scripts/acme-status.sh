#!/bin/sh
# On a manager: prints the last statuses of the ACME client, a line of JSON each. A node that is away must not hold up the others' lines.
#   SERVICE  its name
set -eu
timeout 20 docker service logs --raw --tail 100 "$SERVICE" 2>/dev/null | sed -n 's/^status //p' | tail -n 20
