/** Where managers speak to each other: who listens there is one, and its Docker lives. */
export const swarmPort = 2377;

/** Time for some manager to answer: the only one may just be starting anew. */
const answerSeconds = 120;

/** Time for one manager to answer, on a host that is busy. */
const dialSeconds = 5;

/**
 * A name for `ssh` that means whichever manager answers first; a dot is in no node's name.
 *
 * @param but a node that is not meant: what takes a node out of the swarm cannot run on it
 */
export function anyManager(but?: string): string {
  return but === undefined ? "any.manager" : `any.manager.but.${but}`;
}

/**
 * A shell script that `ssh` speaks through: it connects to the first manager that takes part in the swarm, but not to the
 * one that the name given to it leaves out.
 *
 * @param list a file of managers in the order in which they are asked, each a line `name=address`
 */
export function managerProxy(list: string): string {
  return [
    `managers=$(tr '\\n' ' ' <${list})`,
    `but=\${1#${anyManager("")}}`,
    `deadline=$(( $(date +%s) + ${String(answerSeconds)} ))`,
    "while :; do",
    "  for manager in $managers; do",
    '    [ "${manager%%=*}" != "$but" ] || continue',
    "    address=${manager#*=}",
    `    if socat -u OPEN:/dev/null "TCP:$address:${String(swarmPort)},connect-timeout=${String(dialSeconds)}" 2>/dev/null; then`,
    `      exec socat STDIO "TCP:$address:22,connect-timeout=${String(dialSeconds)}"`,
    "    fi",
    "  done",
    '  [ "$(date +%s)" -lt "$deadline" ] || break',
    "  sleep 1",
    "done",
    `echo "waited ${String(answerSeconds)} s for a manager of the swarm to answer on port ${String(swarmPort)}: $managers" >&2`,
    "exit 1",
    "",
  ].join("\n");
}
