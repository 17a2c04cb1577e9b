# shellcheck shell=sh
# has_quorum_without NODE: whether the other managers can decide. Sets `alive` and `all`, the counts of those that answer and
# of all others.
has_quorum_without() {
  others=$(docker node ls --filter role=manager --format '{{.Hostname}} {{.ManagerStatus}}' | awk -v node="$1" '$1 != node')
  all=$(printf '%s\n' "$others" | wc -l)
  alive=$(printf '%s\n' "$others" | grep -cE ' (Leader|Reachable)$' || true)
  [ $((alive * 2)) -gt "$all" ]
}
