#!/bin/sh
# On a manager: waits until every task of a one-shot service has ended with 0. Fails with the task's error and the end of its log
# where one has failed for good, and where Swarm rolled an update back.
#
# Standard input is the service's id and, behind it, a digest of its specification: Pulumi runs the script again when that
# changes.
#   SERVICE  the service's name
#   TIMEOUT  seconds
set -eu
. lib/ask-repeatedly.sh
# The input's one line has no end, which is an error to the shell.
read -r id _ || [ -n "$id" ]

# The reason comes last, and all of it has at most 12 lines: those are what the command plugin shows of an error.
explain() {
  if [ -n "${2:-}" ]; then
    echo "  the end of its log:" >&2
    timeout 15 docker service logs --raw --tail 10 "$2" 2>&1 | sed 's/^/    /' >&2 || true
  fi
  echo "service $SERVICE: $1" >&2
  exit 1
}

# What the containers of a service, or of a task, are made of.
version='{{json .ContainerSpec}}{{.ForceUpdate}}'

# newest: ID|STATE|ERROR of the newest task of each slot, which Docker lists first. A task of another version is left out: right
# after an update Swarm has yet to replace it.
newest() {
  wanted=$(docker service inspect -f "{{with .Spec.TaskTemplate}}$version{{end}}" "$id")
  docker service ps "$id" --no-trunc --format '{{.ID}}|{{.Name}}|{{.CurrentState}}|{{.Error}}' |
    awk -F'|' '!seen[$2]++ { print $1 "|" $3 "|" $4 }' |
    while IFS='|' read -r task state error; do
      [ "$(docker inspect --type task -f "{{with .Spec}}$version{{end}}" "$task")" = "$wanted" ] || continue
      echo "$task|$state|$error"
    done
}

# look: ends the wait where the tasks have ended. Docker's client starts four times for it, and once more for each slot: 140 ms of CPU
# each under software emulation.
look() {
  # A manager that does not answer is asked again: another may be about to lead.
  update=$(docker service inspect -f '{{with .UpdateStatus}}{{.State}}{{end}}' "$id") || update=silent
  replicas=$(docker service inspect -f '{{.Spec.Mode.Replicated.Replicas}}' "$id") || update=silent
  tasks=$(newest) || update=silent
  case $update in
    silent) tasks= ;;
    rollback*) explain "the update failed and was rolled back; fix it and run up again" ;;
  esac
  ended=$(printf '%s\n' "$tasks" | grep -c '|Complete' || true)
  failed=$(printf '%s\n' "$tasks" | awk -F'|' '$2 ~ /^(Failed|Rejected)/ { print $1 "|" $3; exit }')
  clock
  if [ "$failed" != "$seen" ]; then
    seen=$failed
    seen_at=$now
  fi
  if [ "$update" != silent ] && [ "$ended" -ge "$replicas" ]; then
    echo "$ended/$replicas"
    exit 0
  fi
  # Swarm starts a task again some time after it has failed: a failure is believed when it stays for three seconds.
  if [ -n "$failed" ] && [ $((now - seen_at)) -ge 3 ]; then explain "a task failed: ${failed#*|}" "${failed%%|*}"; fi
  [ "$now" -lt "$deadline" ] || explain "waited $TIMEOUT s, $ended of ${replicas:-its} tasks have ended with 0"
  looked_at=$now
}

# wait_for_end: looks three seconds after the last look where tasks have changed since, which Docker is asked for each second, or
# one has failed; and after ten: an update may be rolled back while they stay.
wait_for_end() {
  end_asking_at_exit
  clock
  deadline=$((now + TIMEOUT))
  looked_at=$((now - 10))
  seen=
  before=
  changed=
  while :; do
    read_answer
    clock
    if [ "$answer" != silent ] && [ "$answer" != "$before" ]; then
      before=$answer
      changed=yes
    fi
    if [ -n "$changed$seen" ]; then pause=3; else pause=10; fi
    [ "$now" -ge "$deadline" ] || [ "$now" -ge $((looked_at + pause)) ] || continue
    changed=
    look
  done
}

# The shell reports on standard error which signal ended curl.
ask_repeatedly "tasks?filters=%7B%22service%22%3A%5B%22$id%22%5D%7D" 2>/dev/null | wait_for_end
