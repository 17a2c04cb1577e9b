#!/bin/sh
# On a node: loads an image that was copied there, and prints its id.
#   IMAGE  its name
#   FILE   the copy, which is removed
set -eu
# The farm's own guest image has it: unpacking it again costs a minute under software emulation.
docker image inspect "$IMAGE" >/dev/null 2>&1 || docker load -q -i "$FILE"
rm -f "$FILE"
docker image inspect "$IMAGE" -f '{{.Id}}'
