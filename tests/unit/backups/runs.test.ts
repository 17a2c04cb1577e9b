import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { BackedUpNode, canBackUp } from "../../support/backed-up-node";

const onMachine = canBackUp ? describe : describe.skip;

onMachine("a run of a node's backups", () => {
  /** A node after its first run; restic takes half a second of CPU for each call, so that the tests go on from there. */
  let first: BackedUpNode;
  let ended: ReturnType<BackedUpNode["call"]>;
  let node: BackedUpNode;

  beforeAll(() => {
    first = new BackedUpNode();
    ended = first.call("run");
  });

  afterAll(() => {
    first.remove();
  });

  beforeEach(() => {
    node = new BackedUpNode();
    node.goOnFrom(first);
  });

  afterEach(() => {
    node.remove();
  });

  test("keeps volumes and dumps in a repository of the node's own, encrypted, and writes down that it is whole", () => {
    expect(ended).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^backups of worker1 are whole: \d+ s\n$/),
    });
    expect(node.snapshots().map(({ tags }) => tags)).toEqual([["volume:uploads"], ["dump:shop"]]);
    expect(readdirSync(node.target)).toEqual(["worker1"]);
    const { failure, success, ended: at } = node.status();
    expect({ failure, success }).toEqual({ failure: "", success: expect.stringMatching(/^\d{10}$/) });
    expect(Number(at)).toBeGreaterThanOrEqual(Number(success));
    expect(first.read("metrics/backups.prom")).toContain('swarm_farm_backup_last_run_failed{node="worker1"} 0');
    expect(statSync(first.path("metrics/backups.prom")).mode & 0o777).toBe(0o644);
  });

  test("with another password changes nothing, and says what to do", () => {
    node.write("secrets/repository-password", "wrong horse");
    expect(node.call("run")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("made with another password: set backups.password"),
    });
    expect(node.status().failure).toContain("another password");
    node.write("secrets/repository-password", "right horse battery");
    expect(node.snapshots()).toHaveLength(2);
  });

  test("makes no new repository where the target has lost the former one", () => {
    rmSync(join(node.target, "worker1"), { recursive: true });
    expect(node.call("run")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("the repository is gone from the target"),
    });
    expect(readdirSync(node.target)).toEqual([]);
    rmSync(node.path("state/repository"));
    expect(node.call("run").status).toBe(0);
  });

  test("of which a dump fails keeps no snapshot that counts of it, and goes on with the rest", () => {
    node.set({
      dumps: [{ name: "shop", service: "shop-db", dump: "echo half; echo 'lost connection' >&2; false", load: "cat" }],
    });
    expect(node.call("run").status).toBe(1);
    expect(node.status().failure).toBe(
      "dump shop: its command failed, and the snapshot does not count: lost connection",
    );
    const tags = node.snapshots().map((snapshot) => snapshot.tags);
    expect(tags.filter((each) => each.includes("dump:shop"))).toEqual([["dump:shop"]]);
    expect(tags.at(-1)).toEqual(["volume:uploads"]);
  });

  test("without its service's task says so", () => {
    rmSync(node.path("containers/backups"));
    expect(node.call("run").stderr).toContain("the service 'backups' has no running task on worker1");
    expect(node.status().success).toBe(first.status().success);
  });

  test("refuses a target with another repository", () => {
    node.write("state/repository", "0".repeat(64));
    expect(node.call("run").stderr).toContain("the target has another repository than before");
  });

  test("after a clock that was set back forgets nothing", () => {
    node.write("state/status", "success=99999999999\n");
    expect(node.call("run").status).toBe(1);
    expect(node.status().failure).toContain("the clock of worker1 is before its last backup: nothing was forgotten");
    expect(node.snapshots()).toHaveLength(4);
  });
});
