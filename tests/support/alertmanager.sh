#!/bin/sh
# alertmanager.sh FILES PROGRAM ARG...: runs Debian's Alertmanager, unpacked, in a mount namespace where FILES is /usr/share/prometheus,
# as on a machine that has its package.
set -eu
files=$1
shift
mount -t tmpfs none /usr/share
mkdir /usr/share/prometheus
mount --bind "$files" /usr/share/prometheus
exec "$@"
