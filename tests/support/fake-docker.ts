import { runWith } from "./fake-programs";

/** A service at one time, or a manager that does not answer. */
export type Turn = { readonly update?: readonly [state: string, message: string]; readonly tasks: string } | "silence";

/** Answers of a fake Docker about one service. */
export interface Answers {
  /** One for each time that it is asked; the last stays. */
  readonly turns: readonly Turn[];
  /** Tasks, newest first: `state|name|node|error`. */
  readonly ps?: readonly string[];
  readonly logs?: readonly string[];
}

/** Docker's own client. */
const docker = `case "$1 $2" in
  "service ps")
    # By slot, as Docker lists them.
    awk '{ print "id-" NR "|" $0 }' "$here/ps" | sort -s -t'|' -k3,3
    ;;
  "inspect --type") awk '{ printf "id-%d|2026-11-25 05:22:%02d.1 +0000 UTC\\n", NR, 60 - NR }' "$here/ps" ;;
  "service logs") cat "$here/logs" ;;
  *) echo "unexpected: docker $*" >&2; exit 125 ;;
esac
`;

/** Docker's API, asked by one curl again and again: an answer for each pause, until the script ends it. */
const curl = `while IFS= read -r line; do
  answer=$line
  printf '%s\\n' "$answer"
  sleep 1
done <"$here/turns"
while printf '%s\\n' "$answer"; do sleep 1; done
`;

/** As Docker 26 answers `/services?status=true`, with what could be taken for an answer inside of values. */
function listing(turn: Turn): string {
  if (turn === "silence") return "silent";
  const [running, expected] = turn.tasks.split("/").map(Number);
  const misleading = '"RunningTasks":9,"DesiredTasks":9,"UpdateStatus":{"State":"paused","Message":"no"}';
  return JSON.stringify([
    {
      ID: serviceId,
      Spec: { Name: "web", Labels: { note: misleading }, TaskTemplate: { ContainerSpec: { Env: [misleading] } } },
      ...(turn.update ? { UpdateStatus: { State: turn.update[0], StartedAt: "now", Message: turn.update[1] } } : {}),
      ServiceStatus: { RunningTasks: running, DesiredTasks: expected, CompletedTasks: 0 },
    },
  ]);
}

/** The service's id on the script's standard input. */
export const serviceId = "x2y3";

/** Runs a script of a manager with a Docker that answers so. */
export function runWithDocker(script: string, { turns, ps = [], logs = [] }: Answers) {
  return runWith(
    script,
    { docker, curl },
    { files: { turns: turns.map(listing), ps, logs }, input: `${serviceId} what it waits for` },
  );
}
