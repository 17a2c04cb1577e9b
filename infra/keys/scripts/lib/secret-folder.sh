# shellcheck shell=sh
# `$dir`: a folder in memory that is removed when the script ends.
umask 077
dir=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$dir"' EXIT
