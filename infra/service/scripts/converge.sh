#!/bin/sh
# On a manager: waits until every task of a service runs and is healthy. To the caller a rollback, a task that no node can run
# and one that fails again and again all look like success.
#
# Standard input is the service's id and, behind it, a digest of its specification: Pulumi runs the script again when that
# changes.
#   SERVICE          the service's name
#   TIMEOUT          seconds
#   SURPLUS_TIMEOUT  seconds after which surplus tasks are no longer waited for: a task on a dead node is counted until the
#                    node is back or removed
set -eu
# The input's one line has no end, which is an error to the shell.
read -r id _ || [ -n "$id" ]
deadline=$(($(date +%s) + TIMEOUT))

# The reason comes last, and all of it has at most 12 lines: those are what the command plugin shows of an error.
explain() {
  history=$(newest_first)
  # The version that fails also has tasks that were stopped before they could.
  for ended in 'Failed|Rejected' 'Starting|Complete|Shutdown'; do
    failed=$(printf '%s\n' "$history" | awk -F'|' -v ended="$ended" '$3 ~ ended { print $2; exit }')
    [ -z "$failed" ] || break
  done
  if [ -n "$failed" ]; then
    echo "  the end of its log:" >&2
    timeout 15 docker service logs --raw --tail 7 "$failed" 2>&1 | sed 's/^/    /' >&2 || true
  fi
  printf '%s\n' "$history" | awk -F'|' '
    $3 ~ /^Running/ { next }
    { why = $6 }
    why == "" && $3 ~ /^Complete/ { why = "ended with 0, by itself or because its health check failed" }
    why == "" && $3 ~ /^Starting/ { why = "its health check has not succeeded yet" }
    why != "" && n++ < 3 { print "  task " $4 ($5 == "" ? "" : " on " $5) ": " why }' >&2
  # Docker takes it for a failure of the task that its node asked for a new session while the task started.
  case $history in
    *"starting container failed: context canceled"*) busy='; a node was too busy to answer its manager: nothing else may be wrong' ;;
    *) busy= ;;
  esac
  echo "service $SERVICE: $1$busy" >&2
  exit 1
}

# Docker lists tasks by slot: an old failure of the first slot would come before a new one of the second.
newest_first() {
  listed=$(docker service ps "$SERVICE" --no-trunc --format '{{.ID}}|{{.CurrentState}}|{{.Name}}|{{.Node}}|{{.Error}}')
  {
    # shellcheck disable=SC2046 # one word for each task
    docker inspect --type task -f '{{.ID}}|{{.Status.Timestamp}}' $(printf '%s\n' "$listed" | cut -d'|' -f1) 2>/dev/null || true
    printf '%s\n' "$listed"
  } | awk -F'|' 'NF == 2 { at[$1] = $2; next } { print at[$1] "|" $0 }' | sort -r
}

# ask: the service as Docker's API returns it, with its task counts. Docker's client costs a manager under software emulation
# more than a second of CPU per call, and all services are waited for at once. 30 s are for a manager that starts tasks.
ask() {
  curl -fsG --max-time 30 --unix-socket /run/docker.sock http://docker/services \
    -d status=true --data-urlencode "filters={\"id\":[\"$id\"]}"
}

# after TEXT END: what stands between the last TEXT in the answer and the next END. Inside a value, quotation marks are
# escaped, so that no value is taken for a key.
after() {
  case $answer in
    *"$1"*) rest=${answer##*"$1"} && echo "${rest%%"$2"*}" ;;
  esac
}

seen=
since=0
tasks=
running=
desired=
while :; do
  # A manager that does not answer is asked again: another may be about to lead.
  answer=$(ask) || answer='"UpdateStatus":{"State":"updating"'
  message=$(after '"Message":"' '"')
  case $(after '"UpdateStatus":{"State":"' '"') in
    updating* | rollback_started*) seen= ;;
    rollback_paused*) explain "the update failed, and so did its rollback; fix it and run up again ($message)" ;;
    rollback*) explain "the update failed and was rolled back; fix it and run up again ($message)" ;;
    paused*) explain "the update failed and was paused ($message)" ;;
    *)
      running=$(after '"RunningTasks":' ',') desired=$(after '"DesiredTasks":' ',')
      tasks=${running:+$running/$desired}
      now=$(date +%s)
      [ "$tasks" = "$seen" ] || since=$now
      # Counts are believed when they are seen twice: right after a change Swarm still counts the tasks of the version before.
      if [ -n "$tasks" ] && [ "$tasks" = "$seen" ]; then
        if [ "$running" = "$desired" ]; then break; fi
        if [ "$running" -gt "$desired" ] && [ $((now - since)) -ge "$SURPLUS_TIMEOUT" ]; then break; fi
      fi
      seen=$tasks
      ;;
  esac
  # A count that is complete for the first time is looked at once more.
  [ "$(date +%s)" -lt "$deadline" ] || { [ -n "$seen" ] && [ "$running" = "$desired" ]; } ||
    explain "waited $TIMEOUT s, ${tasks:-no} tasks run"
  sleep 2
done
echo "$tasks"
