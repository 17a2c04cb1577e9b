import type { NodePlan } from "../net/plan";
import { script, shellQuote, waitUntil } from "../remote/shell";

/** Time for a manager to hand its copy of the swarm's state over or back, on nodes under software emulation. */
const roleSeconds = 180;

/** Time for a manager that is made beside to answer, so that this one can be spared. */
const spareSeconds = 120;

/** A shell function for scripts on a manager: whether the others would be able to decide without the node. */
export function keepsMajority(node: string): string[] {
  return [
    "keeps_majority() {",
    `  others=$(docker node ls --filter role=manager --format '{{.Hostname}} {{.ManagerStatus}}' | awk -v node=${shellQuote(node)} '$1 != node')`,
    `  all=$(printf '%s\\n' "$others" | wc -l) alive=$(printf '%s\\n' "$others" | grep -cE ' (Leader|Reachable)$' || true)`,
    `  [ $((alive * 2)) -gt "$all" ]`,
    "}",
  ];
}

/** On a manager, after `changeNode`: makes a manager a worker, and waits until it is one. */
export function demote(node: string): string[] {
  const isWorker = `[ -z "$(docker node inspect ${shellQuote(node)} -f '{{with .ManagerStatus}}manager{{end}}')" ]`;
  return [`change demote ${shellQuote(node)}`, waitUntil(isWorker, roleSeconds, `${node} to be a worker`)];
}

/** On a manager, after `changeNode`: a node whose `$role` is another gets its own, and keeps its tasks. */
export function takeRole(node: string, role: NodePlan["role"]): string[] {
  const isManager = `[ "$(docker node inspect ${shellQuote(node)} -f '{{with .ManagerStatus}}{{.Reachability}}{{end}}')" = reachable ]`;
  if (role === "manager")
    return [
      `if [ "$role" != manager ]; then`,
      `  change promote ${shellQuote(node)}`,
      waitUntil(isManager, roleSeconds, `${node} to be a manager`),
      "fi",
    ];
  return [
    `if [ "$role" != worker ]; then`,
    ...keepsMajority(node),
    waitUntil(
      "keeps_majority",
      spareSeconds,
      `the swarm to keep its majority without ${node}, which is to be a worker`,
      `echo "$alive of the $all other managers answer; bring them back first (./farm up --refresh)"`,
    ),
    ...demote(node),
    "fi",
  ];
}

/**
 * On a node that is to be a worker: its certificate is a worker's too.
 *
 * One that was demoted keeps a manager's for 12 s and more. Should the managers lose their majority in these, it joins
 * them as one once they are back, then becomes a worker after all, and the majority is lost again, with nobody gone.
 */
export function workerCertificateScript(node: string): string {
  const certificate = "\"$(docker info -f '{{.DockerRootDir}}')/swarm/certificates/swarm-node.crt\"";
  return script(
    waitUntil(
      `sed /-----/d ${certificate} | base64 -d 2>/dev/null | grep -aq swarm-worker`,
      roleSeconds,
      `${node} to have the certificate of a worker`,
    ),
  );
}
