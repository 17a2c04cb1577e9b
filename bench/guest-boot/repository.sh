#!/usr/bin/env bash
# A hook of mmdebstrap: copies what `apt-get update` and `apt-get install docker.io` ask a mirror for into its folders there.
# repository.sh ROOT OUT_DIR. ROOT has the packages of the image. Docker comes with what it recommends, apt's default.
set -euo pipefail
root=$1 out=$2
export APT_CONFIG=$MMDEBSTRAP_APT_CONFIG
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The mirror's own lists, as they come: their checksums are signed, and a node asks for them by checksum.
mkdir "$work/lists"
apt-get -qq update -o Dir::State::Lists="$work/lists" -o APT::Sandbox::User=root -o Acquire::GzipIndexes=true \
  -o Acquire::Languages=en -o Acquire::IndexTargets::deb::Packages::KeepCompressedAs=xz \
  -o Acquire::IndexTargets::deb::Translations::KeepCompressedAs=xz
for list in "$work/lists"/*_dists_*; do
  path=$out/$(basename "$list" | tr _ / | cut -d / -f 2-)
  case $path in
    */InRelease) ;;
    *) path=$(dirname "$path")/by-hash/SHA256/$(sha256sum "$list" | cut -d ' ' -f 1) ;;
  esac
  install -D -m 644 "$list" "$path"
done

docker() { apt-get -qq install --yes -o APT::Install-Recommends=true "$@" docker.io; }
docker --print-uris | tr -d "'" >"$work/uris"
docker --download-only
while read -r uri name _; do
  path=${uri#*://*/}
  install -D -m 644 "$root/var/cache/apt/archives/$name" "$out/$(printf %b "${path//%/\\x}")"
done <"$work/uris"
