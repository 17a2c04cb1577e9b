import type { NodePlan } from "../net/plan";
import { script, shellQuote, waitUntil } from "../remote/shell";
import { demote, keepsMajority } from "./role";
import { changeNode, unlessGone } from "./scripts";

/** Time for the tasks of a drained node to run elsewhere. */
const drainSeconds = 300;

/** On a manager: whether the node is given tasks; a drained one is waited for until its own run elsewhere. */
export function availabilityScript(node: string, availability: NodePlan["availability"]): string {
  if (availability === "drain") return script(...changeNode, ...drain(node));
  return script(...changeNode, availabilityUpdate(node, availability));
}

/** On a manager: gives a node tasks again; one that is gone already needs none. */
export function reactivateScript(node: string): string {
  return script(...changeNode, unlessGone(node), availabilityUpdate(node, "active"));
}

/**
 * On a manager: moves the node's tasks elsewhere, waits until they run there, and forgets the node. Dead nodes go too.
 *
 * A manager is made a worker first, which is refused where it would leave the swarm without its majority.
 */
export function removeScript(node: string): string {
  const quoted = shellQuote(node);
  return script(
    ...changeNode,
    unlessGone(node),
    `role=$(docker node inspect ${quoted} -f '{{.Spec.Role}}')`,
    `if [ "$role" = manager ]; then`,
    ...keepsMajority(node),
    "  if ! keeps_majority; then",
    `    echo ${shellQuote(node)}" is not removed: of the $all managers that would be left $alive answer, and the swarm would lose its majority; bring the others back first (./farm up --refresh)" >&2`,
    "    exit 1",
    "  fi",
    "fi",
    ...drain(node),
    `if [ "$role" = manager ]; then`,
    ...demote(node),
    "fi",
    `docker node rm --force ${quoted} >/dev/null`,
  );
}

function availabilityUpdate(node: string, availability: NodePlan["availability"]): string {
  return `change update --availability ${availability} ${shellQuote(node)}`;
}

/** A dead node's tasks are given to others when it is found dead: there is nothing to wait for, and none of them ever ends. */
function drain(node: string): string[] {
  const quoted = shellQuote(node);
  return [
    `were=" $(docker node ps ${quoted} --filter desired-state=running --format '{{.Name}}' | sed 's/\\.[^.]*$//' | tr '\\n' ' ') "`,
    availabilityUpdate(node, "drain"),
    `is_ready() { [ "$(docker node inspect ${quoted} -f '{{.Status.State}}')" = ready ]; }`,
    "moved() {",
    "  is_ready || return 0",
    `  tasks=$(docker node ps ${quoted} --format '{{.CurrentState}}') || return 1`,
    "  services=$(docker service ls --format '{{.Name}} {{.Replicas}}') || return 1",
    `  case $tasks in *Running*) return 1 ;; esac`,
    `  printf '%s\\n' "$services" | awk -v were="$were" \\`,
    `    'index(were, " " $1 " ") { split($2, n, "/"); if (n[1] + 0 < n[2] + 0) missing = 1 } END { exit missing }'`,
    "}",
    waitUntil("moved", drainSeconds, `the tasks of ${node} to run elsewhere`),
  ];
}
