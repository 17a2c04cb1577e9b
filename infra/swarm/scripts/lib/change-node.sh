# shellcheck shell=sh
# change update --availability drain worker1: `docker node`, retried where Swarm refuses it because the node changed since
# it was read, as nodes do that come up in parallel.
change() {
  retries=20
  until error=$(docker node "$@" 2>&1 >/dev/null); do
    case $error in *"out of sequence"*) retries=$((retries - 1)) ;; *) retries=0 ;; esac
    if [ "$retries" -le 0 ]; then
      echo "$error" >&2
      return 1
    fi
    sleep 0.5
  done
}

# exit_if_missing NODE: there is nothing to undo for a node that was removed.
exit_if_missing() { docker node inspect "$1" >/dev/null 2>&1 || exit 0; }
