import { completedScript } from "../../../infra/service/converge";
import { runWith } from "../../support/fake-programs";
import { syntaxError } from "../../support/sh";

interface Task {
  /** As Docker says it, e.g. `Complete 2 seconds ago`. */
  readonly state: string;
  readonly error?: string;
  /** Spec of its container. Default: that of the service. */
  readonly version?: string;
}

/** A service of two tasks that ends so: one list for each time that it is asked, newest task of each slot first. */
function wait(turns: readonly (readonly Task[])[], { update = "", seconds = 60 } = {}) {
  const docker = `case "$*" in
    *UpdateStatus*) echo "${update}" ;;
    *Replicas*) echo 2 ;;
    'service inspect'*) echo now ;;
    'service ps'*)
      at=0
      [ ! -e "$here/at" ] || read -r at <"$here/at"
      next=$((at + 1))
      [ ! -e "$here/turn$next" ] || echo "$next" >"$here/at"
      cat "$here/turn$at" ;;
    'inspect --type task'*) for id; do :; done; echo "\${id#*-}" ;;
    'service logs'*) echo last words ;;
  esac`;
  const files = Object.fromEntries(
    turns.map((tasks, turn) => [
      `turn${String(turn)}`,
      tasks.map(
        ({ state, error = "", version = "now" }, at) =>
          `id${String(at)}-${version}|web.${String(at)}|${state}|${error}`,
      ),
    ]),
  );
  return runWith(completedScript("web", seconds), { docker, sleep: "" }, { files, input: "x2y3 digest" });
}

const complete = { state: "Complete 1 second ago" };
const running = { state: "Running 1 second ago" };
const failed = { state: "Failed 1 second ago", error: "task: non-zero exit (3)" };

test("the script is well-formed", () => {
  expect(syntaxError(completedScript("web", 600))).toBe("");
});

test("ends when every task has exited with 0, although Swarm reports the update as paused", () => {
  const { status, stdout } = wait(
    [
      [running, running],
      [complete, running],
      [complete, complete],
    ],
    { update: "paused" },
  );
  expect([status, stdout]).toEqual([0, "2/2\n"]);
});

test("ignores completed tasks of the previous version", () => {
  const old = { ...complete, version: "before" };
  expect(
    wait([
      [old, old],
      [running, running],
      [complete, complete],
    ]).calls.length,
  ).toBeGreaterThan(9);
});

test("fails after a task's final failure, with its error and the end of its log", () => {
  const { status, stderr } = wait([[failed, complete]]);
  expect([status, stderr]).toEqual([
    1,
    "  the end of its log:\n    last words\nservice web: a task failed: task: non-zero exit (3)\n",
  ]);
});

test("waits for a task that Swarm restarts", () => {
  expect(
    wait([
      [failed, complete],
      [running, complete],
      [complete, complete],
    ]).stdout,
  ).toBe("2/2\n");
});

test("fails after a rollback, and at its timeout", () => {
  expect(wait([[complete, complete]], { update: "rollback_completed" }).stderr).toMatch(/^service web: .* rolled back/);
  expect(wait([[running, complete]], { seconds: 0 }).stderr).toBe(
    "service web: waited 0 s, 1 of 2 tasks have ended with 0\n",
  );
});
