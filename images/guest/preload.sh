#!/usr/bin/env bash
# Puts container images into the Docker store of the guest's root file system: preload.sh ROOT LAYOUT...
# LAYOUT is a folder as images/build makes them, NAME-KEY; the registry's is among them.
# The guest's own dockerd pulls them, by digest and under the name that the farm's registry has: only a pull leaves what a
# later pull needs to find a layer by its digest. It asks a registry on loopback, in namespaces that end with this program.
set -euo pipefail
shopt -s nullglob dotglob
if [ "$1" != --inside ]; then exec unshare --net --mount --pid --fork --kill-child --mount-proc "$0" --inside "$@"; fi
root=$2 layouts=("${@:3}")
accept=$(dirname "$(readlink -f "$0")")/../accept.json
work=$(mktemp -d "$(dirname "$root")/.preload-XXXXXX")
trap 'rm -rf "$work"' EXIT
# As infra/registry/registry.ts calls it.
registry=registry.internal:5000

# until_answers LOG COMMAND...: waits 60 s until COMMAND succeeds, else shows LOG.
until_answers() {
  local log=$1 end=$((SECONDS + 60))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || {
      tail -n 5 "$log" >&2
      return 1
    }
    sleep 0.2
  done
}

# The registry is Debian's, from the farm's own image of it.
start_registry() {
  local layout=$1 layer
  mkdir "$work/registry"
  while read -r layer; do
    zstd -q -d -c "$layout/${layer#sha256:}" | tar -C "$work/registry" -x
  done < <(jq -r '.layers[].digest' "$layout/manifest.json")
  jq -n '{version: 0.1, log: {level: "warn", accesslog: {disabled: true}},
    storage: {filesystem: {rootdirectory: "/var/lib/registry"}}, http: {addr: "127.0.0.1:5000"}}' >"$work/registry/config.yml"
  chroot "$work/registry" /usr/bin/docker-registry serve /config.yml >"$work/registry.log" 2>&1 &
  until_answers "$work/registry.log" curl -fsS http://127.0.0.1:5000/v2/
}

start_docker() {
  local at
  # Unpacking, dockerd remounts its root: it must be a mount point.
  mount --bind "$root" "$root"
  for at in dev sys proc; do mount --rbind "/$at" "$root/$at"; done
  for at in run tmp; do mount -t tmpfs "$at" "$root/$at"; done
  printf '127.0.0.1 localhost registry.internal\n' >"$root/run/hosts"
  touch "$root/etc/hosts"
  mount --bind "$root/run/hosts" "$root/etc/hosts"
  echo '{}' >"$root/run/daemon.json"
  chroot "$root" /usr/sbin/dockerd --config-file /run/daemon.json --storage-driver overlay2 --bridge none --iptables=false \
    --ip6tables=false --insecure-registry "$registry" >"$work/dockerd.log" 2>&1 &
  dockerd=$!
  until_answers "$work/dockerd.log" chroot "$root" docker version
}

preload() {
  local layout=$1 name reference
  name=$(basename "$layout")
  reference=$registry/swarm-farm/${name%-*}@sha256:$(sha256sum "$layout/manifest.json" | cut -d ' ' -f 1)
  skopeo --policy "$accept" copy -q --preserve-digests --remove-signatures --dest-tls-verify=false \
    "dir:$layout" "docker://127.0.0.1:5000/swarm-farm/${name%-*}:signed"
  chroot "$root" docker pull -q "$reference" >/dev/null
  # What a node's cleanup leaves alone: to delete what lies in the image below its disk frees nothing.
  echo "$reference" >>"$root/usr/share/swarm-farm/preloaded-images"
  # The registry's own image has no registry to come from: infra/images/preload.ts looks for this name.
  [ "${name%-*}" != registry ] || chroot "$root" docker tag "$reference" "localhost/swarm-farm/registry:${name##*-}"
}

# What makes a node itself (engine-id, networks, the swarm) stays out: the images and their layers are all.
keep_the_store() {
  local path
  kill "$dockerd"
  wait "$dockerd" || true
  for path in "$root"/var/lib/docker/*; do
    case ${path##*/} in image | overlay2) ;; *) rm -rf "$path" ;; esac
  done
  rm -rf "$root"/var/lib/containerd/* "$root/etc/docker/key.json" "$root/root/.docker"
}

ip link set lo up
for layout in "${layouts[@]}"; do
  case ${layout##*/} in registry-*) start_registry "$layout" ;; esac
done
start_docker
mkdir -p "$root/usr/share/swarm-farm"
for layout in "${layouts[@]}"; do preload "$layout"; done
keep_the_store
