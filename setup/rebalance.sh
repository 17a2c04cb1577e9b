# shellcheck shell=bash
# `./farm rebalance`: what the steward does by itself, now and at once. It is the steward's own program that does it.

farm_rebalance() {
  local node container
  write_ssh_files
  read -r node container < <(farm_node -n any.manager \
    "docker service ps steward --no-trunc --filter desired-state=running --format '{{.Node}} {{.Name}}.{{.ID}}'" 2>/dev/null) ||
    die "no steward runs: add swarm-farm:steward: {} to Pulumi.$FARM_STACK.yaml, then ./farm up"
  farm_node "$node" \
    "docker exec $container node /srv/steward.js rebalance --config /etc/steward.json$(printf ' %q' "$@")"
}
