#!/bin/sh
# Prints an Ed25519 key pair in OpenSSH's format, as JSON.
#   $COMMENT  of the public key
set -eu
. lib/secret-folder.sh
ssh-keygen -q -t ed25519 -N '' -C "$COMMENT" -f "$dir/key"
jq -cn --rawfile privateKey "$dir/key" --rawfile publicKey "$dir/key.pub" \
  '{$privateKey, publicKey: ($publicKey | rtrimstr("\n"))}'
