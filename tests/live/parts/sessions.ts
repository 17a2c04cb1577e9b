import { join } from "node:path";
import { addresses, containerOf, origin, type TestFarm } from "../farm";
import { until } from "../until";
import { pageOf } from "./lamp";

/** php's sessions, which all its tasks share. */
export function sessionTests(farm: TestFarm): void {
  // One name for all nodes, since a cookie belongs to a name.
  const visit = async (jar: string, node: string = addresses.manager1) => {
    const file = join(farm.home, jar);
    return pageOf(await farm.curl(["-b", file, "-c", file, "--connect-to", `::${node}:443`, `${origin}/session.php`]));
  };
  const killed = (service: string, node: string) => farm.ok(["ssh", node, `docker kill ${containerOf(service)}`]);

  test("requests of one browser count on, on whichever node and task, and those of another begin at 1", async () => {
    const nodes = Object.values(addresses);
    const tasks = new Set<string>();
    // Each of two tasks is as likely as the other.
    for (let i = 0; i < 16; i++) {
      const { visits, task } = await visit("one", nodes[i % nodes.length]);
      expect(visits).toBe(i + 1);
      tasks.add(task);
    }
    expect(tasks.size).toBe(2);
    expect((await visit("other")).visits).toBe(1);
  });

  test("a php task that is killed takes no session with it", async () => {
    const { visits, node } = await visit("one");
    await killed("lamp-php", node);
    expect((await visit("one")).visits).toBe(visits + 1);
  });

  test("the store keeps nothing in files; when it is killed, sessions begin again", async () => {
    const [node = ""] = await farm.runningTasks("lamp-sessions", "{{.Node}}");
    const task = containerOf("lamp-sessions");
    const { stdout } = await farm.ok(["ssh", node, `docker exec ${task} valkey-cli dbsize; docker diff ${task}`]);
    expect(Number(stdout.split("\n")[0])).toBeGreaterThanOrEqual(2);
    expect(stdout).not.toContain("dump.rdb");
    await killed("lamp-sessions", node);
    await until("the store to answer again", () => farm.curl(["-f", `${origin}/session.php`]), 180_000);
    expect((await visit("one")).visits).toBeLessThan(3);
  });
}
