import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { BackedUpNode, canBackUp } from "../../support/backed-up-node";

const onMachine = canBackUp ? describe : describe.skip;

onMachine("a restore", () => {
  let node: BackedUpNode;
  let volume: string;
  let dump: string;

  beforeAll(() => {
    node = new BackedUpNode();
    const data = node.path("volumes/uploads/_data");
    chownSync(data, 33, 33);
    chmodSync(data, 0o750);
    node.call("run");
    volume = node.last("volume:uploads");
    dump = node.last("dump:shop");
  });

  afterAll(() => {
    node.remove();
  });

  test("of a volume that a task has in use is refused before anything is touched", () => {
    node.write("users/uploads", "shop_web (shop_web.1.abc)\n");
    expect(node.call("restore", volume)).toMatchObject({
      status: 1,
      stderr:
        "volume uploads of worker1 is in use by shop_web (shop_web.1.abc): scale the service to 0 with ./farm docker service scale NAME=0, and back when it is restored\n",
    });
    rmSync(node.path("users/uploads"));
  });

  test("of a volume says what it overwrites, and keeps it beside, with owners and permissions of the backup", () => {
    node.write("volumes/uploads/_data/letters/a.txt", "another letter\n");
    node.write("volumes/uploads/_data/b.txt", "a new one\n");
    expect(node.call("tell", volume).stdout).toMatch(
      /^volume uploads of worker1 \(4 files\) becomes what it was on worker1 at \S+; what it has is kept in \S+\/volumes\/uploads\n$/,
    );
    const { status, stdout } = node.call("restore", volume);
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("is restored; what it had: "),
    });
    expect(node.read("volumes/uploads/_data/letters/a.txt")).toBe("a letter\n");
    expect(node.has("volumes/uploads/_data/b.txt")).toBe(false);
    const { uid, gid, mode } = statSync(node.path("volumes/uploads/_data"));
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: 33, gid: 33, mode: 0o750 });
    const [kept = ""] = readdirSync(node.path("volumes/uploads")).filter((name) => name.startsWith("before-restore-"));
    expect(node.read(`volumes/uploads/${kept}/b.txt`)).toBe("a new one\n");
    expect(readdirSync(node.path("volumes/uploads"))).toHaveLength(2);
  });

  test("of a database keeps its present content as another snapshot", () => {
    node.write("database", "two orders\n");
    expect(node.call("tell", dump).stdout).toMatch(
      /^shop on worker1 becomes what it was on worker1 at \S+: later changes are lost/,
    );
    const { status, stdout } = node.call("restore", dump);
    const { id } = /worker1:(?<id>[0-9a-f]{8})\n$/.exec(stdout)?.groups ?? {};
    expect({ status, database: node.read("database") }).toEqual({ status: 0, database: "one order\n" });
    node.call("restore", id ?? "");
    expect(node.read("database")).toBe("two orders\n");
  });

  test("of a lost node's volume makes it on another one", () => {
    const other = new BackedUpNode({ node: "worker2" }, node.target);
    rmSync(other.path("volumes"), { recursive: true });
    mkdirSync(other.path("volumes"));
    expect(other.call("tell", volume, "worker1").stdout).toMatch(
      /^volume uploads is made on worker2, as it was on worker1 at /,
    );
    expect(other.call("restore", volume, "worker1").status).toBe(0);
    expect(other.read("volumes/uploads/_data/letters/a.txt")).toBe("a letter\n");
    other.remove();
  });

  test("of what is no snapshot, or to a node without the service, says what to do", () => {
    expect(node.call("restore", "00000000").stderr).toContain("no snapshot '00000000' of worker1");
    rmSync(node.path("containers/shop-db"));
    expect(node.call("restore", dump).stderr).toContain("restore it to the node that has one");
  });
});
