import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { BackedUpNode, canBackUp } from "../../support/backed-up-node";
import { until } from "../../live/until";

(canBackUp ? describe : describe.skip)("a volume whose containers stand still", () => {
  let node: BackedUpNode;

  beforeEach(() => {
    node = new BackedUpNode({ dumps: [], volumes: [{ name: "uploads", copy: "snapshot" }] });
    node.write("holders/uploads", "c1\nc2\n");
  });

  afterEach(() => {
    node.remove();
  });

  const held = () => (node.has("held") ? node.read("held").trim().split("\n") : []);

  test("is copied beside itself, read from there, compared and restored as any other", () => {
    const { status, stdout, stderr } = node.call("run");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^2 containers stood still for \d+ s\nbackups of worker1 are whole/);
    expect(held()).toEqual(["pause c1", "pause c2", "unpause c1", "unpause c2"]);
    expect(node.has("volumes/uploads/_copy")).toBe(false);
    const id = node.last("volume:uploads");
    expect(node.call("verify", id).stdout).toBe("3 of 3 files and folders\n");
    node.write("volumes/uploads/_data/letters/a.txt", "another letter\n");
    rmSync(node.path("holders"), { recursive: true });
    expect(node.call("restore", id).status).toBe(0);
    expect(node.read("volumes/uploads/_data/letters/a.txt")).toBe("a letter\n");
  });

  test("or is read itself meanwhile", () => {
    node.set({ dumps: [], volumes: [{ name: "uploads", copy: "paused" }] });
    expect(node.call("run").status).toBe(0);
    expect(held()).toEqual(["pause c1", "pause c2", "unpause c1", "unpause c2"]);
    expect(node.call("verify", node.last("volume:uploads")).stdout).toBe("3 of 3 files and folders\n");
  });

  test("has a container that a person has paused, which stays so", () => {
    node.write("held", "pause c1\n");
    expect(node.call("run").status).toBe(0);
    expect(held()).toEqual(["pause c1", "pause c2", "unpause c2"]);
  });

  test("goes on after a failure, and what was copied is removed", () => {
    node.replaceProgram("cp", "*--reflink*", "echo 'cp: no space left on device' >&2; exit 1");
    expect(node.call("run").stderr).toContain(
      "volume uploads: it could not be copied beside itself: cp: no space left on device",
    );
    expect(held().slice(-2)).toEqual(["unpause c1", "unpause c2"]);
  });

  test.each(["paused", "snapshot"] as const)("that cannot stand still is not backed up as if it did: %s", (copy) => {
    node.set({ dumps: [], volumes: [{ name: "uploads", copy }] });
    node.replaceProgram("docker", "'pause c2'", "echo 'no freezer' >&2; exit 1");
    expect(node.call("run").stderr).toContain("no freezer");
    expect(node.status().failure).toBe(
      "volume uploads: containers that have it could not be paused, and would have changed it: c2 ",
    );
    expect(held()).toEqual(["pause c1", "unpause c1", "unpause c2"]);
    expect(node.snapshots()).toEqual([]);
  });

  test("is not forgotten where it does not go on: the run fails, and the next one tries again", () => {
    node.replaceProgram("docker", "'unpause c2'", "exit 1");
    expect(node.call("run").status).toBe(1);
    expect(node.status().failure).toBe(
      "containers of worker1 may still be paused, the next run tries again; by hand: docker unpause c1 c2 ",
    );
    node.replaceProgram("docker", "never", ":");
    expect(node.call("release").status).toBe(0);
    expect([held().at(-1), node.has("state/held")]).toEqual(["unpause c2", false]);
  });

  test("has no snapshot that counts of a run that was cut off, while restic went on in its task", () => {
    node.replaceProgram("docker", "*volume:uploads,unfinished*", '"$real" "$@"; exit 137');
    expect(node.call("run").status).toBe(1);
    expect([node.snapshots(), node.has("volumes/uploads/_copy")]).toEqual([[], false]);
  });

  test("stands still on while another run is under way", () => {
    node.write("state/held", "c3\n");
    const [program, state] = [node.path("program"), node.path("state/lock")];
    const { status } = spawnSync("flock", [state, "sh", program, "release"], { env: node.environment() });
    expect([status, held(), node.has("state/held")]).toEqual([0, [], true]);
  });

  test("that does not fit beside itself is refused, and its containers never stop", () => {
    node.replaceProgram("df", `*" ${node.path("volumes/uploads")}"`, "echo 200");
    expect(node.call("run").status).toBe(1);
    expect(node.status().failure).toMatch(
      /^volume uploads: a copy of its 1 MiB does not fit into the 200 MiB that are free beside 256 MiB/,
    );
    expect(held()).toEqual([]);
  });

  test("goes on where the run is ended, at once or by the unit's last step", async () => {
    node.replaceProgram("cp", "*--reflink*", "exec sleep 30");
    const run = node.start("run");
    await until("its containers to stand still", () => Promise.resolve(held().length === 2), 60_000);
    const ended = new Promise((resolve) => run.once("close", resolve));
    process.kill(-(run.pid ?? 0), "SIGTERM");
    await ended;
    expect(held().slice(-2)).toEqual(["unpause c1", "unpause c2"]);
    node.write("state/held", "c3\n");
    node.write("state/copies", `${node.path("volumes/uploads/_copy")}\n`);
    node.write("volumes/uploads/_copy/half", "");
    expect(node.call("release").status).toBe(0);
    expect(held().at(-1)).toBe("unpause c3");
    expect([node.has("volumes/uploads/_copy"), node.has("state/held"), node.has("state/copies")]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
