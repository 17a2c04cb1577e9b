# shellcheck shell=sh disable=SC2154 # of the program
# The part of the node's program that keeps the state of the swarm, on a manager. It has every secret of the swarm, and each node can read
# all repositories: so it is encrypted for a key that no node has.

is_manager() { [ "$(docker info -f '{{.Swarm.ControlAvailable}}')" = true ]; }

copy_swarm() {
  . ../../../infra/swarm/scripts/copy-swarm.sh
}

# What ./farm needs to know of it lies beside it.
seal_swarm() {
  mkdir "$work/state"
  { docker info -f '{{json .}}' >"$work/state/info.json" && docker node ls --format '{{json .}}' >"$work/state/nodes.json"; } 2>"$work/errors" ||
    fail "the swarm's state: $(reason)"
  : >"$state/copying"
  # Docker stands still meanwhile: not with the low priority of the rest.
  nice -n -19 ionice -c 2 sh "$0" copy-swarm >"$work/state/swarm.tar" 2>"$work/errors" || fail "the swarm's state could not be copied: $(reason)"
  rm -f "$state/copying"
  printf '%s\n' "$SEAL" >"$work/seal.pem"
  tar -C "$work/state" -c info.json nodes.json swarm.tar >"$work/state/packed" || fail "the swarm's state could not be packed"
  openssl cms -encrypt -binary -outform DER -aes-256-gcm -recip "$work/seal.pem" -in "$work/state/packed" -out "$work/sealed" 2>"$work/errors" ||
    fail "the swarm's state could not be encrypted: $(reason)"
}

back_up_swarm() {
  status=0
  (seal_swarm) || status=$?
  # The run goes on for long, and this is in the clear.
  rm -rf "$work/state"
  wake_docker
  [ "$status" -eq 0 ] || return "$status"
  # A file that is cut off looks whole to restic.
  backup --tag swarm:state,unfinished --stdin --stdin-filename swarm <"$work/sealed" || fail "the swarm's state: $(reason)"
  finish swarm:state || fail "the swarm's state: $(reason)"
}

# Docker goes on after a copy that was killed together with its guard.
wake_docker() {
  [ -e "$state/copying" ] || return 0
  kill -CONT "$(cat /run/docker.pid)" || :
  rm -f "$state/copying"
}

# print ID NODE: the encrypted state of a snapshot.
print_swarm() {
  find_task
  snapshot "$1" "$2"
  [ "$kind" = swarm ] || fail "the snapshot '$1' of $2 is no state of a swarm"
  restic "$2" dump "$1" /swarm || fail "the swarm's state could not be read whole: $(reason)"
}
