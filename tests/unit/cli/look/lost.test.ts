import { planFarm } from "../../../../infra/net/plan";
import { parseConfig } from "../../../../stacks/config";
import type { Known } from "../../../../cli/doctor/state";
import { waitForNodes } from "../../../../cli/look/lost";
import { withNames } from "../../../support/configs";
import { FakeFarm, printing } from "../../../support/fake-farm";

const { nodes } = planFarm(parseConfig(withNames("manager1", "worker1")), "dev");
const known: Known = { urns: new Map(nodes.map(({ name }) => [`${name}-join`, `urn::${name}`])), services: [] };

let farm: FakeFarm;
let printed: string[];
beforeEach(() => {
  farm = new FakeFarm();
  printed = [];
});
afterEach(() => {
  farm.remove();
});

/** Output of one manager for nodes with these states. */
function manager(states: Readonly<Record<string, string>>): string {
  const list = Object.entries(states).map(([Hostname, State]) => ({
    ID: Hostname,
    Spec: { Role: "worker", Availability: "active" },
    Description: { Hostname },
    Status: { State },
  }));
  return printing(["1000", '{"Swarm":{}}', JSON.stringify(list), "[]", "[]"].join("\n"));
}

const ready = manager({ manager1: "ready", worker1: "ready" });
const down = manager({ manager1: "ready", worker1: "down" });
const once = (first: string, then: string) =>
  `if [ -e "$here/asked" ]; then ${then}\nelse : >"$here/asked"; ${first}\nfi`;

const wait = (more: { started?: string[]; startSeconds?: number; quietSeconds?: number } = {}, signal?: AbortSignal) =>
  waitForNodes(
    farm.context(signal && { signal }),
    nodes,
    known,
    { started: [], startSeconds: 0, quietSeconds: 0, ...more },
    (text) => printed.push(text),
  );

test("does not query a swarm that does not exist yet", async () => {
  const none: Known = { urns: new Map(), services: [] };
  const waits = { started: [], startSeconds: 600, quietSeconds: 600 };
  expect(await waitForNodes(farm.context(), nodes, none, waits, () => undefined)).toEqual({ lines: [] });
  expect(farm.calls).toEqual([]);
});

test("queries once if every node is ready", async () => {
  farm.program("ssh", ready);
  expect((await wait({ quietSeconds: 600 })).lines).toEqual([]);
  expect(farm.calls).toHaveLength(1);
  expect(printed).toEqual([]);
});

test("waits for a node that returns, and reports it once", async () => {
  farm.program("ssh", once(down, ready));
  expect((await wait({ quietSeconds: 60 })).lines).toEqual([]);
  expect(printed).toEqual(["worker1: the swarm reports it as 'down'"]);
});

test.each([
  ["quietSeconds", {}],
  ["startSeconds", { started: ["worker1"], quietSeconds: 600 }],
])("a node that does not return is lost after %s", async (_, waits) => {
  farm.program("ssh", down);
  expect((await wait(waits)).lines).toEqual(["worker1: the swarm reports it as 'down'"]);
});

test("waits for a node that was just started, without any other wait", async () => {
  farm.program("ssh", once(down, ready));
  expect((await wait({ started: ["worker1"], startSeconds: 60 })).lines).toEqual([]);
});

test.each([
  [
    "ssh's last line is the reason",
    "echo 'warning' >&2; echo 'Connection refused' >&2; exit 255",
    "Connection refused",
  ],
  ["nothing is printed", "exit 255", "ssh ended with 255"],
  ["docker does not run", "echo 1000", "docker on a manager does not answer '/info'"],
  ["docker refuses", printing('1000\n{"message":"no leader"}\n[]\n[]\n[]'), "no leader"],
  [
    "the answer is cut off",
    'printf \'1000\\n{"Swarm":{}}\\n[]\\n[]\\n[{"ID\'',
    "docker on a manager: its answer to '/tasks' is cut off, or no JSON",
  ],
  [
    "docker is newer",
    printing('1000\n{"Swarm":{}}\n[{"ID":7}]\n[]\n[]'),
    "a form that this version does not know (0.ID: ",
  ],
])("if the swarm does not answer, every node is lost: %s", async (_, body, reason) => {
  farm.program("ssh", body);
  const { lines, swarm } = await wait();
  const [line = "", ...others] = lines;
  expect(swarm).toBeUndefined();
  expect(line).toMatch(/^the swarm does not answer: /);
  expect(line).toContain(reason);
  expect(line).not.toContain("\n");
  expect(others).toEqual([]);
});

test("Ctrl-C ends the wait", async () => {
  farm.program("ssh", down);
  await expect(wait({ quietSeconds: 600 }, AbortSignal.timeout(300))).rejects.toThrow(/abort/i);
});
