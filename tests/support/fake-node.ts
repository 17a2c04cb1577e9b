import { runWith } from "./fake-programs";

/** Answers of a fake swarm about one node and the services that have tasks there. */
export interface FakeNode {
  /** Default: a worker. */
  readonly role?: "manager" | "worker";
  /** Default: ready. */
  readonly state?: "ready" | "down";
  /** All managers, the node among them: `name status`. */
  readonly managers?: readonly string[];
  /** All nodes as they are listed: `id name Ready`. */
  readonly members?: readonly string[];
  /** Names of the tasks that are to run there, e.g. `hello.2`. */
  readonly tasks?: readonly string[];
  /** Errors of the first changes, one each. Default: none is. */
  readonly refusals?: readonly string[];
  /** One for each time that it is asked after the node was drained; the last stays. */
  readonly turns?: readonly {
    /** The states of the node's tasks, e.g. `Running 2 minutes ago`. */
    readonly states: readonly string[];
    /** All services: `name running/wanted`. */
    readonly services: readonly string[];
  }[];
}

/** Docker's client on a manager; a node that was removed is unknown to it. */
const docker = `turn() {
  read -r at <"$here/at"
  [ -e "$here/$1.$at" ] || at=$((at - 1))
  cat "$here/$1.$at"
}
case "$1 $2" in
  "node update" | "node demote" | "node promote")
    if read -r refusal <"$here/refusals"; then
      sed -i 1d "$here/refusals"
      echo "$refusal" >&2
      exit 1
    fi
    ;;
esac
case "$1 $2 $*" in
  "node inspect "*.Spec.Role*) cat "$here/role" ;;
  "node inspect "*.Reachability*) grep -q manager "$here/role" && echo reachable ;;
  "node inspect "*.ManagerStatus*) grep manager "$here/role" || true ;;
  "node inspect "*.Status.State*) cat "$here/state" ;;
  "node inspect "*) [ -e "$here/role" ] ;;
  "node ls "*.ID*) cat "$here/members" ;;
  "node ls "*) cat "$here/managers" ;;
  "node ps "*.Name*) cat "$here/tasks" ;;
  "node ps "*.CurrentState*) turn states ;;
  "service ls "*) turn services && echo "$((at + 1))" >"$here/at" ;;
  "node demote id"*) ;;
  "node demote "*) echo worker >"$here/role" ;;
  "node promote "*) echo manager >"$here/role" ;;
  "node update "* | "node rm "*) ;;
  *) echo "unexpected: docker $*" >&2; exit 125 ;;
esac
`;

/** Docker's API there. */
const curl = `case $* in
  *http://docker/nodes/id1) printf '{"ID":"id1","Status":{"State":"%s"}}' "$(cat "$here/state")" ;;
  *) echo "unexpected: curl $*" >&2; exit 125 ;;
esac
`;

/** Runs a script of a manager about a node, which is gone already where none is given; and what was said to Docker. */
export function runWithNode(script: string, node?: FakeNode, env: Readonly<Record<string, string>> = {}) {
  const turns = node?.turns ?? [{ states: [], services: [] }];
  const lines: Record<string, readonly string[]> = node
    ? {
        role: [node.role ?? "worker"],
        state: [node.state ?? "ready"],
        managers: node.managers ?? ["manager1 Leader"],
        members: node.members ?? [],
        tasks: node.tasks ?? [],
        refusals: node.refusals ?? [],
        ...Object.fromEntries(turns.map((turn, i) => [`states.${String(i)}`, turn.states])),
        ...Object.fromEntries(turns.map((turn, i) => [`services.${String(i)}`, turn.services])),
      }
    : {};
  const { status, stderr, calls } = runWith(script, { docker, curl }, { files: { at: ["0"], ...lines }, env });
  return {
    status,
    stderr,
    changes: calls.filter((call) => /^docker node (update|promote|demote|rm) /.test(call)),
    calls,
  };
}
