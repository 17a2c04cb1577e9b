#!/bin/sh
# Where Pulumi runs: prints the path of a cloud image that is there, if its checksum is right.
#   SOURCE  its path
#   SHA256  its checksum
set -eu
. lib/checksum.sh
matches "$SOURCE" || {
  echo "image.sha256 does not match $SOURCE: check both" >&2
  exit 1
}
printf %s "$SOURCE"
