#!/bin/sh
# Where Pulumi runs: runs a program of images/ with the login of the farm's registry from standard input, which is kept in
# memory for as long as that runs.
#   $RUN     the program
#   $CA      the registry's certificate authority
#   $FOLDER  the folder of the image to push. Unset for none
#   $IMAGE   the image's folder in it. Unset for none
set -eu
umask 077
dir=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/ca"
printf '%s\n' "$CA" >"$dir/ca/ca.crt"
cat >"$dir/auth.json"
LAYOUT=${FOLDER:-}/${IMAGE:-}
export LAYOUT
CA_DIR=$dir/ca AUTH_FILE=$dir/auth.json "$RUN"
