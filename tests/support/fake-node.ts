import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a fake swarm says of one node and of the services that have tasks there. */
export interface FakeNode {
  /** Default: a worker. */
  readonly role?: "manager" | "worker";
  /** Default: ready. */
  readonly state?: "ready" | "down";
  /** All managers, the node among them: `name status`. */
  readonly managers?: readonly string[];
  /** Names of the tasks that are to run there, e.g. `hello.2`. */
  readonly tasks?: readonly string[];
  /** One for each time that it is asked after the node was drained; the last stays. */
  readonly turns?: readonly {
    /** The states of the node's tasks, e.g. `Running 2 minutes ago`. */
    readonly states: readonly string[];
    /** All services: `name running/wanted`. */
    readonly services: readonly string[];
  }[];
}

/** Docker's client on a manager; a node that was removed is unknown to it. */
const docker = `#!/bin/sh
here=\${0%/*}
echo "docker $*" >>"$here/calls"
turn() {
  read -r at <"$here/at"
  [ -e "$here/$1.$at" ] || at=$((at - 1))
  cat "$here/$1.$at"
}
case "$1 $2 $*" in
  "node inspect "*.Spec.Role*) cat "$here/role" ;;
  "node inspect "*.ManagerStatus*) [ -e "$here/demoted" ] || cat "$here/role" | grep manager || true ;;
  "node inspect "*.Status.State*) cat "$here/state" ;;
  "node inspect "*) [ -e "$here/role" ] ;;
  "node ls "*) cat "$here/managers" ;;
  "node ps "*.Name*) cat "$here/tasks" ;;
  "node ps "*.CurrentState*) turn states ;;
  "service ls "*) turn services && echo "$((at + 1))" >"$here/at" ;;
  "node demote "*) : >"$here/demoted" ;;
  "node update "* | "node rm "*) ;;
  *) echo "unexpected: docker $*" >&2; exit 125 ;;
esac
`;

/** Runs a script of a manager about a node, which is gone already where none is given; and what was said to Docker. */
export function runWithNode(script: string, node?: FakeNode) {
  const folder = mkdtempSync(join(tmpdir(), "fake-node-"));
  try {
    const file = (name: string, lines: readonly string[]) => {
      writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(""));
    };
    writeFileSync(join(folder, "docker"), docker, { mode: 0o755 });
    writeFileSync(join(folder, "sleep"), "#!/bin/sh\nexec /bin/sleep 0.05\n", { mode: 0o755 });
    file("calls", []);
    file("at", ["0"]);
    if (node) {
      file("role", [node.role ?? "worker"]);
      file("state", [node.state ?? "ready"]);
      file("managers", node.managers ?? ["manager1 Leader"]);
      file("tasks", node.tasks ?? []);
      for (const [i, turn] of (node.turns ?? [{ states: [], services: [] }]).entries()) {
        file(`states.${String(i)}`, turn.states);
        file(`services.${String(i)}`, turn.services);
      }
    }
    const { status, stderr } = spawnSync("sh", ["-c", script], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ""}` },
    });
    const calls = readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");
    return { status, stderr, changes: calls.filter((call) => /^docker node (update|demote|rm) /.test(call)), calls };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
