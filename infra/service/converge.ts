import { script, shellQuote } from "../remote/shell";

/** Lines of a failed task's log that are shown. */
const logLines = 12;

/** Longer than any service of ours gives its tasks to stop. */
const endSeconds = 75;

/** Time for Docker to answer, on a manager that starts tasks itself. */
const answerSeconds = 30;

/**
 * On a manager: waits until every task of a service runs and is healthy. Swarm itself says nothing to whoever changed a
 * service; a rollback, a task that has no place and one that dies again and again all look like success to the caller.
 *
 * A full count is believed when it is seen twice: right after a change Swarm still counts the tasks of before it. More
 * than a full count is tasks that end; one that stays so for long is enough: a task that is to go from a dead node is
 * counted until that node is back or forgotten.
 *
 * It reads the service's id as the first word of its input; what follows there is for Pulumi, which runs it again when
 * its input changes.
 *
 * @param service the service's name, for its messages
 * @param seconds        for how long at the most
 * @param surplusSeconds for how long tasks that are too many may end
 */
export function convergeScript(service: string, seconds: number, surplusSeconds = endSeconds): string {
  const name = shellQuote(service);
  return script(
    // The input's one line has no end, which is an error to the shell.
    'read -r id _ || [ -n "$id" ]',
    `deadline=$(( $(date +%s) + ${String(seconds)} ))`,
    "explain() {",
    `  echo "service ${service}: $1" >&2`,
    "  history=$(newest_first)",
    `  printf '%s\\n' "$history" |`,
    `    awk -F'|' '$3 !~ /^Running/ && $6 != "" && n++ < 3 { print "  task " $4 ($5 == "" ? "" : " on " $5) ": " $6 }' >&2`,
    // The version that fails also has tasks that were stopped before they could.
    "  for ended in 'Failed|Rejected' 'Starting|Complete|Shutdown'; do",
    `    failed=$(printf '%s\\n' "$history" | awk -F'|' -v ended="$ended" '$3 ~ ended { print $2; exit }')`,
    `    [ -z "$failed" ] || break`,
    "  done",
    `  if [ -n "$failed" ]; then`,
    `    echo "  its last words:" >&2`,
    `    timeout 15 docker service logs --raw --tail ${String(logLines)} "$failed" 2>&1 | sed 's/^/    /' >&2 || true`,
    "  fi",
    "  exit 1",
    "}",
    // Docker lists tasks by their slot: an old failure of the first would be told before the new one of the second.
    "newest_first() {",
    `  listed=$(docker service ps ${name} --no-trunc --format '{{.ID}}|{{.CurrentState}}|{{.Name}}|{{.Node}}|{{.Error}}')`,
    `  { docker inspect --type task -f '{{.ID}}|{{.Status.Timestamp}}' $(printf '%s\\n' "$listed" | cut -d'|' -f1) 2>/dev/null || true`,
    `    printf '%s\\n' "$listed"; } |`,
    `    awk -F'|' 'NF == 2 { at[$1] = $2; next } { print at[$1] "|" $0 }' | sort -r`,
    "}",
    ...askDocker,
    "seen=",
    "since=0",
    "tasks=",
    "while :; do",
    // A manager that does not answer is asked again: another may be about to lead.
    `  answer=$(ask) || answer='"UpdateStatus":{"State":"updating"'`,
    `  message=$(after '"Message":"' '"')`,
    `  case $(after '"UpdateStatus":{"State":"' '"') in`,
    `    updating* | rollback_started*) seen= ;;`,
    `    rollback_paused*) explain "the update failed and so did the way back; correct it and run up again ($message)" ;;`,
    `    rollback*) explain "the update failed and Swarm went back to the version before; correct it and run up again ($message)" ;;`,
    `    paused*) explain "the update failed and Swarm stopped it ($message)" ;;`,
    `    *)`,
    `      running=$(after '"RunningTasks":' ',') wanted=$(after '"DesiredTasks":' ',')`,
    `      tasks=\${running:+$running/$wanted}`,
    `      now=$(date +%s)`,
    `      [ "$tasks" = "$seen" ] || since=$now`,
    `      if [ -n "$tasks" ] && [ "$tasks" = "$seen" ]; then`,
    `        if [ "$running" = "$wanted" ]; then break; fi`,
    `        if [ "$running" -gt "$wanted" ] && [ $((now - since)) -ge ${String(surplusSeconds)} ]; then break; fi`,
    `      fi`,
    `      seen=$tasks`,
    `      ;;`,
    "  esac",
    `  [ "$(date +%s)" -lt "$deadline" ] || explain "waited ${String(seconds)} s, \${tasks:-no} tasks run"`,
    "  sleep 2",
    "done",
    `echo "$tasks"`,
  );
}

/**
 * `ask` gives the service as Docker's API tells it, with the number of its tasks; `after` the text between its last `$1`
 * and the next `$2`. What stands inside of a value there has its quotation marks escaped and cannot be taken for a name.
 *
 * Docker's own client would cost a manager under emulation more than a second of its CPU a time, and every service that
 * is waited for asks all the time.
 */
const askDocker = [
  "ask() {",
  `  curl -fsG --max-time ${String(answerSeconds)} --unix-socket /run/docker.sock http://docker/services \\`,
  `    -d status=true --data-urlencode "filters={\\"id\\":[\\"$id\\"]}"`,
  "}",
  "after() {",
  "  case $answer in",
  '    *"$1"*) rest=${answer##*"$1"} && echo "${rest%%"$2"*}" ;;',
  "  esac",
  "}",
];
