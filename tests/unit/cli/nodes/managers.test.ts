import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ask, reasonOf } from "../../../../cli/nodes/ask";
import { answers, checkManagers, hasLeader, managersOf, succeeds, swarmAnswers } from "../../../../cli/nodes/managers";
import { removeNode } from "../../../../cli/nodes/remove-node";
import { importState } from "../../../../cli/pulumi/import";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1", "manager2"]);
});

afterEach(() => {
  farm.remove();
});

test("managersOf returns names and addresses in order, and nothing before the first up", () => {
  expect(managersOf(farm.context())).toEqual([
    { name: "manager1", address: "10.77.0.11" },
    { name: "manager2", address: "10.77.0.12" },
  ]);
  const none = new FakeFarm().built([]);
  expect(managersOf(none.context())).toBeUndefined();
  none.remove();
});

describe("checkManagers", () => {
  const refusal = (roles: Readonly<Record<string, "manager" | "worker">>, from = farm) => {
    const nodes = Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, { role }]));
    try {
      checkManagers(from.context(), nodes);
      return "";
    } catch (error) {
      return String(error);
    }
  };

  test.each<Parameters<typeof refusal>[0]>([
    { manager1: "manager", manager2: "worker" },
    { manager2: "manager", worker1: "worker" },
    { manager2: "manager", worker1: "manager", worker2: "manager" },
  ])("takes %j", (roles) => {
    expect(refusal(roles)).toBe("");
  });

  test.each<[Parameters<typeof refusal>[0], string]>([
    [{ worker1: "manager" }, "the only manager can be manager1 alone"],
    [{ manager1: "worker", manager2: "manager" }, "or have three managers, of which one is a present one"],
    [
      { worker1: "manager", worker2: "manager", worker3: "manager" },
      "keep one for this ./farm up (manager1, manager2);",
    ],
  ])("refuses %j", (roles, message) => {
    expect(refusal(roles)).toContain(message);
  });

  test("takes everything before the first up", () => {
    const none = new FakeFarm().built([]);
    expect(refusal({ worker1: "manager" }, none)).toBe("");
    none.remove();
  });
});

test("ask connects to a node with a connection of its own and the farm's ssh config", async () => {
  farm.program("ssh", `printf '%s\\n' "$@"`);
  const { stdout } = await ask(farm.context(), "worker1", "df /", { timeoutSeconds: 5 });
  const config = join(farm.folders.state, "ssh", "config");
  const own = ["-o", "ControlPath=none", "-o", "ConnectTimeout=10"];
  expect(stdout.trim().split("\n")).toEqual(["-F", config, ...own, "worker1", "df /"]);
});

test("ask ends at its timeout or when it is aborted", async () => {
  farm.ssh("exec sleep 20");
  const result = await ask(farm.context(), "worker1", "true", { timeoutSeconds: 0.1 });
  expect([result.status, reasonOf(result, 5)]).toEqual([143, "no answer in 5 s"]);
  const signal = AbortSignal.timeout(50);
  expect((await ask(farm.context(), "worker1", "true", { timeoutSeconds: 20, signal })).status).toBe(143);
});

test.each([
  [{ status: 1, stdout: "", stderr: "warning\nno such node\n" }, "no such node"],
  [{ status: 255, stdout: "", stderr: "" }, "ssh ended with 255"],
])("the reason of a failed command is its last line or its status: %j", (result, reason) => {
  expect(reasonOf(result, 5)).toBe(reason);
});

describe("swarmAnswers", () => {
  const leads = (name: string) => {
    farm.ssh(`case $node:$line in *:true) ;; ${name}:'docker node ls'*) ;; *) exit 1 ;; esac`);
  };

  test.each([
    ["manager2", true],
    ["worker1", false],
  ])("is true if some manager knows a leader: %s", async (name, is) => {
    leads(name);
    expect(await swarmAnswers(farm.context())).toBe(is);
    expect(await hasLeader(farm.context(), name)).toBe(true);
    expect(await answers(farm.context(), "manager1")).toBe(true);
  });

  test("does not count a command that fails", async () => {
    leads("manager1");
    expect(await succeeds(farm.context(), "manager1", "false")).toBe(false);
  });
});

test("removeNode demotes a node before it removes it, and quotes its name for the shell", () => {
  expect(removeNode("a b")).toBe("docker node demote 'a b' >/dev/null 2>&1; docker node rm --force 'a b' >/dev/null");
});

describe("importState", () => {
  test("passes the state on standard input, unchanged", async () => {
    farm.program("pulumi", `did "$@"; cat >"$here/imported"`);
    await importState(farm.context(), '{"deployment": {}}');
    expect(farm.done).toEqual(["stack import"]);
    expect(readFileSync(join(farm.home, "imported"), "utf8")).toBe('{"deployment": {}}');
  });

  test("fails with Pulumi's reason", async () => {
    farm.program("pulumi", "echo 'error: no stack named x' >&2; exit 255");
    await expect(importState(farm.context(), "{}")).rejects.toThrow("the farm 'dev' is not there");
  });
});
