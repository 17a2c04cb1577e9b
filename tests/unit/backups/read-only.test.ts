import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { BackedUpNode, canBackUp } from "../../support/backed-up-node";

/** Every file of the repositories, with its content. */
function contentOf(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`)
    .sort();
}

(canBackUp ? describe : describe.skip)("a node that reads another farm's repositories", () => {
  let theirs: BackedUpNode;
  let node: BackedUpNode;
  let before: string[];

  beforeAll(() => {
    theirs = new BackedUpNode();
    theirs.write("volumes/uploads/_data/a\nb", "a name with a line break");
    theirs.call("run");
    before = contentOf(theirs.target);
    node = new BackedUpNode({ node: "manager1", readOnly: true }, theirs.target);
    rmSync(node.path("volumes/uploads"), { recursive: true });
  });

  afterAll(() => {
    expect(contentOf(theirs.target)).toEqual(before);
    node.remove();
    theirs.remove();
  });

  test("backs nothing up, and expects nothing", () => {
    expect(node.call("run")).toMatchObject({ status: 1, stderr: expect.stringContaining("backups.readOnly") });
    expect(node.call("status")).toMatchObject({ status: 1, stdout: "" });
  });

  test("restores a volume, and compares it with the snapshot by what is in it", () => {
    const id = theirs.last("volume:uploads");
    expect(node.call("restore", id, "worker1")).toMatchObject({ status: 0 });
    expect(node.call("verify", id, "worker1")).toMatchObject({ status: 0, stdout: "4 of 4 files and folders\n" });
    rmSync(node.path("volumes/uploads/_data/letters/a.txt"));
    expect(node.call("verify", id, "worker1")).toMatchObject({
      status: 1,
      stderr: "volume uploads of manager1 has 3 files and folders, and its snapshot 4\n",
    });
  });

  test("as any node that reads another one's: that may have died in a run, and have left a lock", () => {
    const other = new BackedUpNode({ node: "manager1" }, theirs.target);
    other.replaceProgram(
      "docker",
      "*'repository worker1 '[!-]*",
      "echo 'Fatal: repository is already locked exclusively' >&2; exit 1",
    );
    const id = theirs.last("volume:uploads");
    expect(other.call("kind", id, "worker1")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^volume /) });
    expect(other.call("restore", id, "worker1")).toMatchObject({ status: 0, stderr: "" });
    other.remove();
  });

  test("restores a database without a backup of what it has", () => {
    node.write("database", "another order\n");
    expect(node.call("tell", theirs.last("dump:shop"), "worker1").stdout).toContain("lost, and not kept");
    expect(node.call("restore", theirs.last("dump:shop"), "worker1")).toMatchObject({
      status: 0,
      stdout: "shop on manager1 is restored\n",
    });
    expect(node.read("database")).toBe("one order\n");
  });

  test("fetches a dump, prints it once, loads it, and compares what the database has then", () => {
    expect(node.call("fetch", theirs.last("dump:shop"), "worker1").status).toBe(0);
    const { stdout } = node.call("fetched", "shop");
    expect(stdout).toBe("one order\n");
    expect(node.call("fetched", "shop").status).not.toBe(0);
    expect(loaded(stdout)).toMatchObject({ status: 0, stdout: "1 of 1 lines, 10 of 10 bytes\n" });
    // A program that loads but a part, and says nothing of it.
    node.set({
      node: "manager1",
      readOnly: true,
      dumps: [{ name: "shop", service: "shop-db", dump: "cat database", load: "head -1 >database" }],
    });
    expect(loaded("one\ntwo\n")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("the database has less than what was loaded: 1 of 2 lines"),
    });
    rmSync(node.path("containers/shop-db"));
    expect(loaded("one\n").stderr).toContain("has no running task on manager1");
  });

  function loaded(input: string) {
    return spawnSync("sh", [node.path("program"), "load", "shop"], {
      encoding: "utf8",
      input,
      env: node.environment(),
    });
  }
});
