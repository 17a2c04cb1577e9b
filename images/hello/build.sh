#!/usr/bin/env bash
# build.sh ARCHIVE REFERENCE: builds the hello image without a Docker daemon and writes it as a docker archive.
set -euo pipefail
archive=$1 reference=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A store of its own: nothing stays behind, and no daemon or kernel feature is needed.
storage=(--root "$work/store" --runroot "$work/run" --storage-driver vfs)

mkdir -p "$work/context/bin" "$work/context/www"
install -m 755 "$(command -v busybox)" "$work/context/bin/busybox"
for applet in sh sed mkdir httpd wget; do ln -s busybox "$work/context/bin/$applet"; done
install -m 644 "$here/serve" "$work/context/bin/serve"
install -m 644 "$here/index.html" "$work/context/www/index.html"

# The fixed time makes the same content the same image.
buildah "${storage[@]}" build --isolation chroot --timestamp 0 --layers=false \
  -f "$here/Containerfile" -t "$reference" "$work/context"
rm -f "$archive"
buildah "${storage[@]}" push "$reference" "docker-archive:$archive:$reference"
