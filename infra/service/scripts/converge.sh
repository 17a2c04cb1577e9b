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
. lib/ask-repeatedly.sh
# The input's one line has no end, which is an error to the shell.
read -r id _ || [ -n "$id" ]

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

# after TEXT END: sets found to what stands between the last TEXT in the answer and the next END. Inside a value, quotation marks are
# escaped, so that no value is taken for a key.
after() {
  found=
  case $answer in
    *"$1"*) found=${answer##*"$1"} && found=${found%%"$2"*} ;;
  esac
}

# wait_for_tasks: reads what ask_repeatedly prints, and ends it.
wait_for_tasks() {
  end_asking_at_exit
  clock
  deadline=$((now + TIMEOUT))
  seen=
  times=0
  since=$now
  tasks=
  running=
  desired=
  while :; do
    read_answer
    clock
    after '"Message":"' '"'
    message=$found
    after '"UpdateStatus":{"State":"' '"'
    # A manager that does not answer is asked again: another may be about to lead.
    [ "$answer" != silent ] || found=updating
    case $found in
      updating* | rollback_started*) seen= ;;
      rollback_paused*) explain "the update failed, and so did its rollback; fix it and run up again ($message)" ;;
      rollback*) explain "the update failed and was rolled back; fix it and run up again ($message)" ;;
      paused*) explain "the update failed and was paused ($message)" ;;
      *)
        after '"RunningTasks":' ','
        running=$found
        after '"DesiredTasks":' ','
        desired=$found
        tasks=${running:+$running/$desired}
        if [ "$tasks" != "$seen" ]; then
          seen=$tasks
          times=0
          since=$now
        fi
        times=$((times + 1))
        # Counts are believed when they stay for two seconds: right after a change Swarm still counts the tasks of the version before.
        if [ -n "$tasks" ] && [ "$times" -ge 3 ]; then
          if [ "$running" = "$desired" ]; then break; fi
          if [ "$running" -gt "$desired" ] && [ $((now - since)) -ge "$SURPLUS_TIMEOUT" ]; then break; fi
        fi
        ;;
    esac
    # A complete count is looked at until it is believed.
    [ "$now" -lt "$deadline" ] || { [ -n "$seen" ] && [ "$running" = "$desired" ]; } ||
      explain "waited $TIMEOUT s, ${tasks:-no} tasks run"
  done
  echo "$tasks"
}

# The shell reports on standard error which signal ended curl.
# shellcheck disable=SC2154 # id is read above
ask_repeatedly "services?status=true&filters=%7B%22id%22%3A%5B%22$id%22%5D%7D" 2>/dev/null | wait_for_tasks
