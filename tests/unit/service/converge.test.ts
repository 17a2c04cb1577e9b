import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { convergeScript } from "../../../infra/service/converge";
import { runWithDocker, serviceId, type Answers, type Turn } from "../../support/fake-docker";
import { runWith } from "../../support/fake-programs";
import { syntaxError } from "../../support/sh";
import { repository } from "../../support/sources";

const tasks = (...counts: string[]): Turn[] => counts.map((count) => ({ tasks: count }));

const during = (state: string, message: string, count = "3/3"): Turn => ({ update: [state, message], tasks: count });

/** Waits for the service `web`, for a minute if need be. */
function converge(answers: Answers, seconds = 60) {
  return runWithDocker(convergeScript("web", seconds), answers);
}

test("the script is well-formed and ends at its first failure", () => {
  expect(syntaxError(convergeScript("web", 600))).toBe("");
  expect(convergeScript("web", 600)).toContain("\nset -eu\n");
});

test.each(["3/3", "0/0"])("succeeds with %s tasks, and prints the number", (count) => {
  const { status, stdout, stderr } = converge({ turns: tasks(count) });
  expect([status, stdout, stderr]).toEqual([0, `${count}\n`, ""]);
});

test("queries its own service, by id and with the number of tasks", () => {
  const { calls } = converge({ turns: tasks("3/3") });
  const filter = encodeURIComponent(JSON.stringify({ id: [serviceId] }));
  expect(calls.join(" ")).toContain(`http://docker/services?status=true&filters=${filter}#`);
  expect(calls.filter((call) => call.startsWith("curl "))).toHaveLength(1);
});

test("the real curl asks again after an error of Docker, over one connection, and ends with the wait", async () => {
  const folder = mkdtempSync(join(tmpdir(), "converge-"));
  const socket = join(folder, "docker.sock");
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push(decodeURIComponent(request.url ?? ""));
    response.statusCode = requests.length === 1 ? 503 : 200;
    response.end(`[{"ServiceStatus":{"RunningTasks":2,"DesiredTasks":2,"CompletedTasks":0}}]\n`);
  })
    .on("connection", () => connections++)
    .listen(socket);
  try {
    await once(server, "listening");
    const script = convergeScript("web", 60).replace("/run/docker.sock", socket);
    const wait = promisify(execFile)("sh", ["-c", script], { timeout: 30_000 });
    wait.child.stdin?.end(serviceId);
    expect(await wait).toEqual({ stdout: "2/2\n", stderr: "" });
    expect(requests).toEqual(Array<string>(4).fill(`/services?status=true&filters={"id":["${serviceId}"]}`));
    expect(connections).toBeLessThanOrEqual(2);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  }
});

test("treats a completed update like none", () => {
  expect(converge({ turns: [during("completed", "update completed")] }).stdout).toBe("3/3\n");
});

test("waits for tasks that start", () => {
  expect(converge({ turns: tasks("0/3", "2/3", "3/3") }).stdout).toBe("3/3\n");
});

test("accepts no number of tasks while Swarm updates or rolls back", () => {
  const { stdout } = converge({
    turns: [
      during("updating", "update in progress"),
      during("rollback_started", "update rolled back"),
      during("rollback_started", "update rolled back"),
      ...tasks("3/3", "3/3", "2/2"),
    ],
  });
  expect(stdout).toBe("2/2\n");
});

test("waits for an update that Swarm has yet to begin: until then the old tasks are counted", () => {
  const { status } = converge({
    turns: [
      ...tasks("3/3", "3/3"),
      during("updating", "update in progress"),
      during("rollback_completed", "rollback completed"),
    ],
  });
  expect(status).toBe(1);
});

test("waits for surplus tasks to end, but not forever: on a dead node they never do", () => {
  expect(converge({ turns: tasks("5/4", "5/4", "5/4", "5/4", "4/4") }).stdout).toBe("4/4\n");
  expect(runWithDocker(convergeScript("web", 60, 0), { turns: tasks("2/1") }).stdout).toBe("2/1\n");
});

test("a service on every node is not there before it has a task", () => {
  expect(converge({ turns: tasks("0/0", "0/4", "4/4") }).stdout).toBe("4/4\n");
});

test("retries if a manager does not answer once", () => {
  expect(converge({ turns: ["silence", ...tasks("3/3")] }).stdout).toBe("3/3\n");
});

test("a service whose curl is killed is an error", () => {
  const { status, stderr } = runWith(convergeScript("web", 60), { docker: "", curl: "exit 137" }, { input: serviceId });
  expect([status, stderr]).toEqual([1, "service web: curl, which asks Docker, ended; run up again\n"]);
});

test("a failed query between two complete counts restarts the count", () => {
  const { stdout } = converge({ turns: [...tasks("3/3", "3/3"), "silence", ...tasks("3/3", "3/3", "2/2")] });
  expect(stdout).toBe("2/2\n");
});

const failed: Answers = {
  turns: tasks("2/3"),
  ps: [
    "Running 2 minutes ago|web.1|worker1|",
    'Failed 3 seconds ago|web.2|worker2|"task: non-zero exit (78)"',
    "Shutdown 1 minute ago|web.2|worker2|",
  ],
  logs: ["php: cannot open /srv/www", "php: exit"],
};

const why = [
  "  the end of its log:",
  "    php: cannot open /srv/www",
  "    php: exit",
  '  task web.2 on worker2: "task: non-zero exit (78)"',
  "",
].join("\n");

test("fails after a rollback with the task, its node, the error and the end of its log", () => {
  const { status, stdout, stderr, calls } = converge({
    ...failed,
    turns: [during("updating", "update in progress"), during("rollback_completed", "rollback completed")],
  });
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(
    `${why}service web: the update failed and was rolled back; fix it and run up again (rollback completed)\n`,
  );
  expect(calls.at(-1)).toBe("docker service logs --raw --tail 7 id-2");
});

test("says that a node was busy where Docker cancelled the start of a task", () => {
  const { stderr } = converge({
    ps: ['Failed 3 seconds ago|web.2|worker2|"starting container failed: context canceled"'],
    turns: [during("rollback_completed", "rollback completed")],
  });
  expect(stderr.trimEnd().split("\n").at(-1)).toBe(
    "service web: the update failed and was rolled back; fix it and run up again (rollback completed); a node was too busy to answer its manager: nothing else may be wrong",
  );
});

test("an update that stopped is an error", () => {
  const { status, stderr } = converge({ ...failed, turns: [during("paused", "update paused due to failure")] });
  expect(status).toBe(1);
  expect(stderr).toBe(`${why}service web: the update failed and was paused (update paused due to failure)\n`);
});

test("reports a paused rollback as such, not as completed", () => {
  const { status, stderr } = converge({ ...failed, turns: [during("rollback_paused", "rollback paused")] });
  expect(status).toBe(1);
  expect(stderr).toContain("(rollback paused)");
  expect(stderr).not.toContain("was rolled back;");
});

test("tasks that never run are an error when the time is up", () => {
  const { status, stderr } = converge(failed, 1);
  expect(status).toBe(1);
  expect(stderr).toBe(`${why}service web: waited 1 s, 2/3 tasks run\n`);
});

test("tasks that all run when the time is up are looked at once more", () => {
  expect(converge({ turns: tasks("3/3") }, 0).stdout).toBe("3/3\n");
  const { status, stderr } = converge({ turns: tasks("3/3", "2/3") }, 0);
  expect([status, stderr]).toEqual([1, "service web: waited 0 s, 2/3 tasks run\n"]);
});

test("an update that never ends is an error when the time is up", () => {
  const { status, stderr } = converge({ turns: [during("updating", "update in progress")] }, 0);
  expect([status, stderr]).toEqual([1, "service web: waited 0 s, no tasks run\n"]);
});

test("reports why a task cannot be scheduled, without a log", () => {
  const { stderr, calls } = converge(
    { turns: tasks("0/1"), ps: ['Pending 1 minute ago|web.1||"no suitable node (scheduling constraints)"'] },
    0,
  );
  expect(stderr).toBe(
    '  task web.1: "no suitable node (scheduling constraints)"\nservice web: waited 0 s, 0/1 tasks run\n',
  );
  expect(calls.filter((call) => call.startsWith("docker service logs"))).toEqual([]);
});

test("reports the latest failure first, whatever its slot, with the end of its log", () => {
  const ps = [
    "Shutdown 1 second ago|web.3|worker3|",
    'Failed 3 seconds ago|web.2|worker2|"task: non-zero exit (78)"',
    'Failed 9 minutes ago|web.1|worker9|"task: non-zero exit (137)"',
  ];
  const { stderr, calls } = converge({ turns: tasks("0/3"), ps }, 0);
  expect(stderr.match(/web\.\d on worker\d/g)).toEqual(["web.2 on worker2", "web.1 on worker9"]);
  expect(calls.at(-1)).toBe("docker service logs --raw --tail 7 id-2");
});

test("reports the newest of many failed tasks", () => {
  const ps = [5, 4, 3, 2, 1].map((n) => `Rejected ${n} seconds ago|web.${n}|worker1|No such image`);
  const { stderr } = converge({ turns: tasks("0/5"), ps }, 0);
  expect(stderr.match(/task web\.\d/g)).toEqual(["task web.5", "task web.4", "task web.3"]);
});

test("mentions the health check for a task that exits with 0 or keeps starting", () => {
  const ps = ["Starting 2 minutes ago|web.1|worker1|", "Complete 3 minutes ago|web.1|worker1|"];
  const { stderr } = converge({ turns: tasks("0/1"), ps }, 0);
  expect(stderr).toMatch(/^ {2}task web\.1 on worker1: its health check has not succeeded yet$/m);
  expect(stderr).toMatch(/^ {2}task web\.1 on worker1: ended with 0, by itself or because its health check failed$/m);
});

test("the reason is among the lines of an error that the command plugin shows", () => {
  const plugin = readFileSync(join(repository, "offline/toolchain/command/internal/failure/failure.go"), "utf8");
  const shown = Number(/stderrLines = (\d+)/.exec(plugin)?.[1]);
  const ps = [3, 2, 1].map((n) => `Failed ${n} seconds ago|web.${n}|worker1|exit (1)`);
  const { stderr, calls } = converge({ turns: tasks("0/3"), ps, logs: ["a", "b", "c", "d", "e", "f", "g"] }, 0);
  expect(calls.at(-1)).toContain("--tail 7 ");
  expect(stderr.trimEnd().split("\n")).toHaveLength(shown);
});
