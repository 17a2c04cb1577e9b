import { script, shellQuote } from "../remote/shell";

/** Lines of a failed task's log that are shown. */
const logLines = 12;

/**
 * On a manager: waits until every task of a service runs and is healthy. Swarm itself says nothing to whoever changed a
 * service; a rollback, a task that has no place and one that dies again and again all look like success to the caller.
 *
 * A full count is believed when it is seen twice: right after a change Swarm still counts the tasks of before it.
 *
 * @param seconds for how long at the most
 */
export function convergeScript(service: string, seconds: number): string {
  const name = shellQuote(service);
  return script(
    // What it waits for comes from the program as text, so that a change runs it again; there is nothing to read.
    "cat >/dev/null",
    `deadline=$(( $(date +%s) + ${String(seconds)} ))`,
    "explain() {",
    `  echo "service ${service}: $1" >&2`,
    `  docker service ps ${name} --no-trunc --format '{{.CurrentState}}|{{.Name}}|{{.Node}}|{{.Error}}' |`,
    `    awk -F'|' '$1 !~ /^Running/ && $4 != "" && n++ < 3 { print "  task " $2 ($3 == "" ? "" : " on " $3) ": " $4 }' >&2`,
    `  failed=$(docker service ps ${name} --no-trunc --format '{{.ID}} {{.CurrentState}}' | awk '$2 ~ /Failed|Rejected|Starting|Complete|Shutdown/ { print $1; exit }')`,
    `  if [ -n "$failed" ]; then`,
    `    echo "  its last words:" >&2`,
    `    timeout 15 docker service logs --raw --tail ${String(logLines)} "$failed" 2>&1 | sed 's/^/    /' >&2 || true`,
    "  fi",
    "  exit 1",
    "}",
    "seen=",
    "while :; do",
    // A manager that does not answer is asked again: another may be about to lead.
    `  state=$(docker service inspect ${name} -f '{{with .UpdateStatus}}{{.State}}: {{.Message}}{{end}}') || state="updating: unknown"`,
    `  case $state in`,
    `    updating* | rollback_started*) seen= ;;`,
    `    rollback_paused*) explain "the update failed and so did the way back; correct it and run up again (\${state#*: })" ;;`,
    `    rollback*) explain "the update failed and Swarm went back to the version before; correct it and run up again (\${state#*: })" ;;`,
    `    paused*) explain "the update failed and Swarm stopped it (\${state#*: })" ;;`,
    `    *)`,
    `      tasks=$(docker service ls --filter name=${name} --format '{{.Name}} {{.Replicas}}' | awk -v s=${name} '$1 == s { print $2 }')`,
    `      if [ -n "$tasks" ] && [ "\${tasks%/*}" = "\${tasks#*/}" ] && [ "$tasks" = "$seen" ]; then break; fi`,
    `      seen=$tasks`,
    `      ;;`,
    "  esac",
    `  [ "$(date +%s)" -lt "$deadline" ] || explain "waited ${String(seconds)} s, \${tasks:-no} tasks run"`,
    // Each turn starts programs on the manager, and under emulation one costs a second.
    "  sleep 3",
    "done",
    `echo "$tasks"`,
  );
}
