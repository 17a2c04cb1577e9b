# shellcheck shell=sh
# promote and demote $NODE, a node of the swarm. 180 s are for a manager to hand over the swarm's state, or to get it, under
# software emulation.
promote() {
  change promote "$NODE"
  wait_until 180 "$NODE to be a manager" is_reachable_manager
}

demote() {
  change demote "$NODE"
  wait_until 180 "$NODE to be a worker" is_worker
}

is_reachable_manager() {
  [ "$(docker node inspect "$NODE" -f '{{with .ManagerStatus}}{{.Reachability}}{{end}}')" = reachable ]
}

is_worker() { [ -z "$(docker node inspect "$NODE" -f '{{with .ManagerStatus}}manager{{end}}')" ]; }
