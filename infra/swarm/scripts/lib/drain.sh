# shellcheck shell=sh
# drain: drains $NODE and waits until the tasks it had run elsewhere. 300 s are for their images to be pulled there.
drain() {
  drained_services=" $(docker node ps "$NODE" --filter desired-state=running --format '{{.Name}}' | sed 's/\.[^.]*$//' | tr '\n' ' ') "
  change update --availability drain "$NODE"
  wait_until 300 "the tasks of $NODE to run elsewhere" tasks_moved
}

# Swarm replaces a dead node's tasks when it finds the node dead: none of them ever ends there.
tasks_moved() {
  [ "$(docker node inspect "$NODE" -f '{{.Status.State}}')" = ready ] || return 0
  states=$(docker node ps "$NODE" --format '{{.CurrentState}}') || return 1
  services=$(docker service ls --format '{{.Name}} {{.Replicas}}') || return 1
  case $states in *Running*) return 1 ;; esac
  printf '%s\n' "$services" | awk -v drained="$drained_services" \
    'index(drained, " " $1 " ") { split($2, n, "/"); if (n[1] + 0 < n[2] + 0) missing = 1 } END { exit missing }'
}
