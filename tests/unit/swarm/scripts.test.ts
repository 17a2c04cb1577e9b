import fc from "fast-check";
import {
  certificateExpiryScript,
  changeNode,
  initScript,
  joinScript,
  labelScript,
  readyScript,
  reportScript,
  settingsScript,
  tokenScript,
  unlabelScript,
} from "../../../infra/swarm/scripts";
import { shellSyntax } from "../../support/arbitraries";
import { runWithNode } from "../../support/fake-node";
import { runWith } from "../../support/fake-programs";
import { outsideQuotes, syntaxError } from "../../support/sh";

const scripts: [name: string, script: string][] = [
  ["report", reportScript(["registry.internal:5000"])],
  ["init", initScript("10.77.0.11", [])],
  ["certificate expiry", certificateExpiryScript()],
  ["settings", settingsScript(15)],
  ["token", tokenScript()],
  ["join", joinScript("worker1", "10.77.0.21")],
  ["ready, a worker", readyScript("worker1", "id1", "worker")],
  ["ready, a manager", readyScript("manager2", "id1", "manager")],
  ["label", labelScript("worker1", "db", "it's a $(reboot)")],
  ["unlabel", unlabelScript("worker1", "com.example/disk")],
];

/** What a node remembers is written to the folder where the script runs. */
function here(text: string): string {
  return text.replaceAll("/var/lib/swarm-farm", ".");
}

test.each(scripts)("the %s script is well-formed and ends at its first failure", (_, text) => {
  expect(syntaxError(text)).toBe("");
  expect(text.startsWith("set -eu\n")).toBe(true);
});

describe("the first manager", () => {
  const init = (state: string, curl: number, isManager = true) =>
    runWith(here(initScript("10.77.0.11", ["10.77.0.12", "10.77.0.13"])), {
      // Nobody waits for its deadline here.
      date: "echo $(( $(cat now 2>/dev/null || echo 0) + 60 )) | tee now",
      docker: `case "$1 $2 $*" in *LocalNodeState*) echo ${state} ;; *ControlAvailable*) echo ${String(isManager)} ;; *Cluster*) echo cluster1 ;; *join-token*) echo SWMTKN-1-ca-secret ;; esac`,
      curl: `exit ${String(curl)}`,
    });
  const made = "docker swarm init --advertise-addr 10.77.0.11";

  test("makes a swarm once, with its own address, and says nothing of its tokens", () => {
    const { status, stdout, calls } = init("inactive", 7);
    expect([status, stdout]).toEqual([0, "cluster1\n"]);
    expect(calls).toContain(made);
    expect(calls.filter((call) => call.startsWith("curl")).map((call) => call.split(" ").at(-1))).toEqual([
      "https://10.77.0.12:2377",
      "https://10.77.0.13:2377",
    ]);
    expect(init("active", 0).calls).not.toContain(made);
  });

  test("makes none where another manager still has one, and says what that would have meant", () => {
    const { status, stderr, calls } = init("inactive", 35);
    expect([status, calls.includes(made)]).toEqual([1, false]);
    expect(stderr).toMatch(/^waited 120 s for the other managers to be gone: they have a swarm/);
    expect(stderr).toContain("10.77.0.12 answers; to lose what runs there: ./farm destroy, then ./farm up");
  });

  test("that was a worker until now is no first manager yet, and it is said what to do", () => {
    const { status, stderr, calls } = init("active", 7, false);
    expect([status, calls.includes(made)]).toEqual([1, false]);
    expect(stderr).toContain("have three managers first (./farm up), then one");
  });
});

describe("a join", () => {
  const token = "SWMTKN-1-ca-secret";

  /** Joins with managers of whom only the second answers; the node's states are as often as it is asked, the last stays. */
  const join = (states: readonly string[], before: readonly string[] = []) =>
    runWith(
      here(joinScript("worker1", "10.77.0.21")),
      {
        date: "echo 0",
        docker: `case "$1 $2 $*" in
  *LocalNodeState*) head -n 1 "$here/states"; [ "$(wc -l <"$here/states")" = 1 ] || sed -i 1d "$here/states" ;;
  *NodeID*) echo node1 ;;
esac`,
        curl: `case $* in *_ping) ;; *10.77.0.11:2377) exit 7 ;; *10.77.0.12:2377) exit 35 ;; *swarm/join*) cat >"$here/body"; echo "$(cat "$here/body")" >>"$here/calls" ;; esac`,
      },
      {
        input: token,
        env: { managers: "manager1=10.77.0.11 manager2=10.77.0.12 worker1=10.77.0.21" },
        files: { states, ...(before.length > 0 ? { joined: before } : {}) },
      },
    );
  const bodies = (calls: readonly string[]) => calls.filter((call) => call.startsWith("{"));

  test("sends Docker's API a body with a manager that answers, once its token is in", () => {
    const { status, stdout, stderr, calls } = join(["inactive", "inactive", "active"]);
    expect([status, stdout, stderr]).toEqual([0, "node1\n", ""]);
    expect(bodies(calls).map((body) => JSON.parse(body) as unknown)).toEqual([
      {
        ListenAddr: "0.0.0.0:2377",
        AdvertiseAddr: "10.77.0.21",
        RemoteAddrs: ["10.77.0.12:2377"],
        JoinToken: token,
      },
    ]);
    // No command line has the token.
    expect(calls.filter((call) => !call.startsWith("{")).join("\n")).not.toContain("secret");
  });

  test("does nothing on a node that is in that swarm", () => {
    const { status, stdout, calls } = join(["active"], ["SWMTKN-1-ca"]);
    expect([status, stdout, bodies(calls)]).toEqual([0, "node1\n", []]);
    expect(calls).not.toContain("docker swarm leave --force");
  });

  test("leaves a swarm that is another's", () => {
    const { status, calls } = join(["active", "inactive", "inactive", "active"], ["SWMTKN-1-other"]);
    expect([status, bodies(calls).length]).toEqual([0, 1]);
    expect(calls).toContain("docker swarm leave --force");
  });
});

describe("a change of a node", () => {
  const sequence = "Error response from daemon: rpc error: code = Unknown desc = update out of sequence";
  const drain = ["set -eu", ...changeNode, "change update --availability drain worker1"].join("\n");

  test("is made again when the node has changed meanwhile", () => {
    const { status, stderr, changes } = runWithNode(drain, { refusals: [sequence, sequence] });
    expect([status, stderr, changes.length]).toEqual([0, "", 3]);
  });

  test("is not made again when it is refused for what it is, and when that goes on", () => {
    const refused = runWithNode(drain, { refusals: ["Error: no such node"] });
    expect([refused.status, refused.stderr, refused.changes.length]).toEqual([1, "Error: no such node\n", 1]);
    const again = runWithNode(drain, { refusals: Array.from({ length: 99 }, () => sequence) });
    expect([again.status, again.stderr, again.changes.length]).toEqual([1, `${sequence}\n`, 20]);
  });
});

describe("labels", () => {
  test("are set and read back", () => {
    expect(labelScript("worker1", "db", "main one")).toBe(
      [
        "set -eu",
        ...changeNode,
        "change update --label-add 'db=main one' worker1",
        `[ "$(docker node inspect worker1 -f '{{index .Spec.Labels "db"}}')" = 'main one' ]`,
      ].join("\n"),
    );
  });

  test("show the shell nothing of their values", () => {
    const bare = outsideQuotes(labelScript("worker1", "db", " "));
    fc.assert(
      fc.property(shellSyntax, (value) => {
        expect(outsideQuotes(labelScript("worker1", "db", ` ${value}`))).toBe(bare);
      }),
    );
  });

  test("are taken away without complaint when they or the node are gone", () => {
    expect(runWithNode(unlabelScript("worker1", "db"))).toMatchObject({ status: 0, stderr: "", changes: [] });
    const refusals = ["Error response from daemon: no such label"];
    expect(runWithNode(unlabelScript("worker1", "db"), { refusals })).toMatchObject({ status: 0, stderr: "" });
  });
});
