# shellcheck shell=sh disable=SC2154 # of the program
# The part of the node's program that keeps the state of the swarm, on a manager. It has every secret of the swarm, and each node can read
# all repositories: so it is encrypted for a key that no node has.

is_manager() { [ "$(docker info -f '{{.Swarm.ControlAvailable}}')" = true ]; }

copy_swarm() {
  . ../../../infra/swarm/scripts/copy-swarm.sh
}

# What ./farm needs to know of it lies beside it.
back_up_swarm() {
  mkdir "$work/state"
  { docker info -f '{{json .}}' >"$work/state/info.json" && docker node ls --format '{{json .}}' >"$work/state/nodes.json"; } 2>"$work/errors" ||
    fail "the swarm's state: $(reason)"
  # Docker stands still meanwhile: not with the low priority of the rest.
  nice -n -19 ionice -c 2 sh "$0" copy-swarm >"$work/state/swarm.tar" 2>"$work/errors" || fail "the swarm's state could not be copied: $(reason)"
  printf '%s\n' "$SEAL" >"$work/seal.pem"
  tar -C "$work/state" -c info.json nodes.json swarm.tar >"$work/state.tar" || fail "the swarm's state could not be packed"
  openssl cms -encrypt -binary -outform DER -aes-256-gcm -recip "$work/seal.pem" -in "$work/state.tar" -out "$work/sealed" 2>"$work/errors" ||
    fail "the swarm's state could not be encrypted: $(reason)"
  backup --tag swarm:state --stdin --stdin-filename swarm <"$work/sealed" || fail "the swarm's state: $(reason)"
}

# print ID NODE: the encrypted state of a snapshot.
print_swarm() {
  find_task
  snapshot "$1" "$2"
  [ "$kind" = swarm ] || fail "the snapshot '$1' of $2 is no state of a swarm"
  restic "$2" dump "$1" /swarm || fail "the swarm's state could not be read whole: $(reason)"
}
