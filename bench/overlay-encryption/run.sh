#!/usr/bin/env bash
# Cost of IPsec on an overlay network: bytes from one node to another over a plain and an encrypted one, in turn.
# run.sh [--runs N] [--mib N]      needs a farm that is up (./farm up) with two workers and the php image on them
set -euo pipefail
farm=$(cd "$(dirname "$0")/../.." && pwd)/farm
runs=3 mib=32
while (($#)); do
  case $1 in
    --runs) runs=$2 ;;
    --mib) mib=$2 ;;
    *)
      echo "unknown argument $1" >&2
      exit 2
      ;;
  esac
  shift 2
done
readonly sender=worker1 receiver=worker2
# A transfer that takes longer has failed.
readonly limit=600

# Remains of an interrupted run are removed too; the swarm takes a while to see that a network is unused.
cleanup() {
  local node network
  for node in "$sender" "$receiver"; do
    "$farm" ssh "$node" 'docker ps -aq --filter network=bench-plain --filter network=bench-encrypted | xargs -r docker rm -f >/dev/null 2>&1' || true
  done
  for network in bench-plain bench-encrypted; do
    for _ in $(seq 20); do
      "$farm" docker network inspect "$network" >/dev/null 2>&1 || break
      "$farm" docker network rm "$network" >/dev/null 2>&1 || sleep 2
    done
  done
}
trap cleanup EXIT
cleanup

"$farm" docker network create -d overlay --attachable bench-plain >/dev/null
"$farm" docker network create -d overlay --attachable --opt encrypted bench-encrypted >/dev/null
# Whatever of the farm's images is there has busybox.
image=$("$farm" ssh "$receiver" "docker image ls --digests --format '{{.Repository}}@{{.Digest}}' | grep -m1 -e /nginx -e /php")
"$farm" ssh "$sender" "docker image inspect $image >/dev/null 2>&1 || docker pull -q $image" >/dev/null || true

for kind in plain encrypted; do
  "$farm" ssh "$receiver" "docker run -d --name bench-$kind --network bench-$kind --entrypoint busybox $image \
    sh -c 'while :; do busybox nc -l -p 9000 -e busybox wc -c; done'" >/dev/null
done

# transfer KIND: seconds that `mib` MiB take.
transfer() {
  "$farm" ssh "$sender" "docker run --rm --network bench-$1 --entrypoint busybox $image sh -c '
    # The receiver counts, and listens again after every transfer: a sender that connects too early gets no answer.
    until start=\$(busybox cut -d\" \" -f1 /proc/uptime) &&
      got=\$(busybox dd if=/dev/zero bs=1M count=$mib 2>/dev/null | timeout $limit busybox nc bench-$1 9000) &&
      [ \"\$got\" = $((mib * 1048576)) ]; do sleep 1; done
    end=\$(busybox cut -d\" \" -f1 /proc/uptime)
    echo \$start \$end'" | awk '{ printf "%.1f\n", $2 - $1 }'
}

printf '%-4s %12s %12s %8s\n' run 'plain MiB/s' 'encr. MiB/s' ratio
for run in $(seq "$runs"); do
  plain=$(transfer plain) encrypted=$(transfer encrypted)
  awk -v r="$run" -v m="$mib" -v p="$plain" -v e="$encrypted" \
    'BEGIN { printf "%-4s %12.1f %12.1f %8.2f\n", r, m / p, m / e, p / e }'
done
