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

/**
 * A service of two tasks that ends so: one list for each time that it is asked, newest task of each slot first. A second passes
 * each time that the script reads the clock.
 *
 * @param answers of Docker's API, one each second; the last stays. Default: each differs from the one before
 */
function wait(
  turns: readonly (readonly Task[])[],
  { update = "", seconds = 60, answers }: { update?: string; seconds?: number; answers?: readonly string[] } = {},
) {
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
  const curl = answers
    ? 'cat "$here/answers"; while tail -n 1 "$here/answers"; do :; done'
    : "while echo $((n += 1)); do :; done";
  const { status, stdout, stderr, calls } = runWith(
    completedScript("web", seconds).replaceAll("read -r now _ </proc/uptime", "now=$(tick)"),
    { docker, curl, tick: 'read -r now <"$here/now"; echo $((now + 1)) >"$here/now"; echo "$now.25"' },
    { files: { ...files, now: ["7"], answers: answers ?? [] }, input: "x2y3 digest" },
  );
  return { status, stdout, stderr, calls, seconds: calls.filter((call) => call.startsWith("tick")).length };
}

const looks = (calls: readonly string[]) => calls.filter((call) => call.startsWith("docker service ps")).length;

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

test("starts Docker's client when the tasks of its own service change, and after ten seconds", () => {
  const end = [
    [running, running],
    [complete, complete],
  ];
  const changed = wait(end, { answers: ["started", "started", "started", "ended"] });
  expect([changed.stdout, looks(changed.calls)]).toEqual(["2/2\n", 2]);
  const filter = encodeURIComponent(JSON.stringify({ service: ["x2y3"] }));
  expect(changed.calls.join(" ")).toContain(`http://docker/tasks?filters=${filter}#`);
  expect(changed.calls.filter((call) => call.startsWith("curl "))).toHaveLength(1);
  for (const answer of ["started", "silent"]) {
    const unchanged = wait(end, { answers: ["started", answer] });
    expect([unchanged.stdout, looks(unchanged.calls), unchanged.seconds]).toEqual(["2/2\n", 2, 14]);
  }
});

test("looks at most every three seconds, however often the tasks change, and at its deadline", () => {
  const { stderr, calls } = wait([[running, running]], { seconds: 20 });
  expect(stderr).toBe("service web: waited 20 s, 0 of 2 tasks have ended with 0\n");
  expect(looks(calls)).toBeLessThanOrEqual(7);
  const silent = wait([[running, running]], { seconds: 5, answers: ["silent"] });
  expect([silent.stderr, looks(silent.calls)]).toEqual([expect.stringContaining("waited 5 s"), 2]);
});

test("believes a failure that stays, and looks at it three seconds later", () => {
  const { stderr, calls } = wait([[failed, complete]], { answers: ["failed"] });
  expect(stderr).toContain("a task failed");
  expect(looks(calls)).toBe(2);
});
