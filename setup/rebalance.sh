# shellcheck shell=bash
# `./farm rebalance`: what the steward does by itself, now and at once. It is the steward's own program that does it.

farm_rebalance() {
  local node container
  write_ssh_files
  # One that is about to run has no container yet.
  read -r node container < <(farm_node -n any.manager \
    "docker service ps steward --no-trunc --format '{{.Node}} {{.Name}}.{{.ID}} {{.CurrentState}}'" 2>/dev/null |
    awk '$3 == "Running" { print $1, $2 }') ||
    die "no steward runs: add swarm-farm:steward: {} to Pulumi.$FARM_STACK.yaml, then ./farm up; if it is there: ./farm docker service ps steward"
  farm_node "$node" \
    "docker exec $container node /srv/steward.js rebalance --config /etc/steward.json$(printf ' %q' "$@")"
}
