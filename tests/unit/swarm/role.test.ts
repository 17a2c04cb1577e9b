import { scripts } from "../../../infra/swarm/scripts";
import { runWithNode } from "../../support/fake-node";
import { runWith } from "../../support/fake-programs";

const readyScript = (node: string, id: string, role: string) => scripts("ready.sh", { NODE: node, ID: id, ROLE: role });
const three = ["manager1 Leader", "worker1 Reachable", "manager3 Reachable"];

test.each(["worker", "manager"] as const)("a %s with its role does not change", (role) => {
  expect(runWithNode(readyScript("worker1", "id1", role), { role, managers: three })).toMatchObject({
    status: 0,
    changes: [],
  });
});

test("a worker is promoted to manager, and keeps its tasks", () => {
  const { status, changes } = runWithNode(readyScript("worker1", "id1", "manager"), { role: "worker" });
  expect([status, changes]).toEqual([0, ["docker node promote worker1"]]);
});

test("a manager is demoted to worker once the others have a quorum, and keeps its tasks", () => {
  const { status, changes } = runWithNode(readyScript("worker1", "id1", "worker"), {
    role: "manager",
    managers: three,
  });
  expect([status, changes]).toEqual([0, ["docker node demote worker1"]]);
});

test("a node is waited for until the swarm takes it for ready", () => {
  const { status, stderr, changes } = runWithNode(
    readyScript("worker1", "id1", "manager"),
    { role: "worker", state: "down" },
    { FARM_WAIT_SECONDS: "0" },
  );
  expect([status, stderr, changes]).toEqual([1, "waited 0 s for worker1 to be ready in the swarm\n", []]);
});

test("retries an update that is out of sequence", () => {
  const refusals = ["Error response from daemon: update out of sequence"];
  const { status, changes } = runWithNode(readyScript("worker1", "id1", "manager"), { role: "worker", refusals });
  expect([status, changes]).toEqual([0, ["docker node promote worker1", "docker node promote worker1"]]);
});

test("does not demote a manager that the quorum needs, with a remedy", () => {
  const managers = ["manager1 Leader", "worker1 Reachable", "manager3 Unreachable"];
  const { status, stderr, changes } = runWithNode(
    readyScript("worker1", "id1", "worker"),
    { role: "manager", managers },
    { FARM_WAIT_SECONDS: "0" },
  );
  expect([status, changes]).toEqual([1, []]);
  expect(stderr).toBe(
    "waited 0 s for the other managers to have a quorum without worker1, which becomes a worker\n" +
      "    1 of the 2 other managers answer; bring them back first (./farm up --refresh)\n",
  );
});

test("removes stale members with the node's name, and keeps the node itself", () => {
  const members = ["id0 worker1 Down", "id1 worker1 Ready", "id2 worker2 Down", "id3 worker1 Ready"];
  const { status, changes } = runWithNode(readyScript("worker1", "id1", "worker"), { members });
  expect([status, changes]).toEqual([0, ["docker node demote id0", "docker node rm --force id0"]]);
});

describe("the wait for a worker's certificate after a demotion", () => {
  const certificate = (role: string) => [
    "-----BEGIN CERTIFICATE-----",
    Buffer.from(`\u0030\u0082 swarm-ca ${role} id1`, "latin1").toString("base64"),
    "-----END CERTIFICATE-----",
  ];
  const docker =
    'mkdir -p "$here/swarm/certificates"; cp "$here/issued" "$here/swarm/certificates/swarm-node.crt"; echo "$here"';
  const run = (first: string, then: string, seconds = 60) =>
    runWith(
      scripts("worker-certificate.sh", { NODE: "worker1" }),
      { docker: `${docker}; cp "$here/next" "$here/issued"` },
      { files: { issued: certificate(first), next: certificate(then) }, env: { FARM_WAIT_SECONDS: String(seconds) } },
    );

  test("ends at once, or after the renewal", () => {
    expect(run("swarm-worker", "swarm-worker").calls).toHaveLength(1);
    expect(run("swarm-manager", "swarm-worker")).toMatchObject({ status: 0, calls: { length: 2 } });
  });

  test("fails if the certificate stays a manager's", () => {
    expect(run("swarm-manager", "swarm-manager", 1)).toMatchObject({
      status: 1,
      stderr: "waited 1 s for worker1 to have the certificate of a worker\n",
    });
  });
});
