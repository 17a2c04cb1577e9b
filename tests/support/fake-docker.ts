import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a fake Docker answers about services. */
export interface Answers {
  /** One `state: message` for each turn; the last stays. */
  readonly inspect?: readonly string[];
  /** One listing of `name tasks` for each turn, services apart by `;`; the last stays. An empty one is an error. */
  readonly ls: readonly string[];
  /** Tasks, newest first: `state|name|node|error`. */
  readonly ps?: readonly string[];
  readonly logs?: readonly string[];
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The command lines that Docker got. */
  readonly calls: readonly string[];
}

const docker = `#!/bin/sh
# The shell alone, no other program: it is asked hundreds of times.
here=\${0%/*}
echo "$*" >>"$here/calls"
turn() {
  at=0 n=0
  [ ! -e "$here/$1.at" ] || read -r at <"$here/$1.at"
  while IFS= read -r line; do
    answer=$line
    [ "$n" -lt "$at" ] || break
    n=$((n + 1))
  done <"$here/$1"
  echo "$((at + 1))" >"$here/$1.at"
}
case $2 in
  inspect) turn inspect; echo "$answer" ;;
  ls)
    turn ls
    [ -n "$answer" ] || { echo "Error response from daemon: no leader" >&2; exit 1; }
    IFS=';'
    printf '%s\\n' $answer
    ;;
  ps)
    case $* in
      *'{{.ID}}'*) awk -F'|' '{ print "id-of-" $2 " " $1 }' "$here/ps" ;;
      *) cat "$here/ps" ;;
    esac
    ;;
  logs) cat "$here/logs" ;;
  *) echo "unexpected: docker $*" >&2; exit 125 ;;
esac
`;

/** Runs a script of a manager with a Docker that answers so, and a sleep that is over soon. */
export function runWithDocker(script: string, answers: Answers): Ran {
  const folder = mkdtempSync(join(tmpdir(), "fake-docker-"));
  try {
    const program = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o755 });
    };
    program("docker", docker);
    program("sleep", "#!/bin/sh\nexec /bin/sleep 0.05\n");
    const { inspect = [""], ls, ps = [], logs = [] } = answers;
    for (const [name, lines] of Object.entries({ inspect, ls, ps, logs, calls: [] }))
      writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(""));
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
      input: "what it waits for",
      encoding: "utf8",
      env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ""}` },
    });
    return { status, stdout, stderr, calls: readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
