import { scripts } from "../../../infra/swarm/scripts";
import { shellSyntax } from "../../support/arbitraries";
import { runWithNode } from "../../support/fake-node";
import { runWith } from "../../support/fake-programs";
import { outsideQuotes } from "../../support/sh";
import fc from "fast-check";

/** Files of a node are written to the folder where the script runs. */
function here(text: string): string {
  return text.replaceAll("/var/lib/swarm-farm", ".");
}

describe("the first manager", () => {
  const init = (state: string, curl: number, isManager = true) =>
    runWith(
      here(scripts("init.sh", { ADDRESS: "10.77.0.11", OTHERS: "10.77.0.12 10.77.0.13" })).replaceAll(
        "/proc/uptime",
        "uptime",
      ),
      {
        docker: `case "$1 $2 $*" in *LocalNodeState*) echo ${state} ;; *ControlAvailable*) echo ${String(isManager)} ;; *Cluster*) echo cluster1 ;; *join-token*) echo SWMTKN-1-ca-secret ;; esac`,
        // Nobody waits for its deadline here.
        curl: `read -r now idle <"$here/uptime"; echo "$((\${now%.*} + 60)).25 $idle" >"$here/uptime"; exit ${String(curl)}`,
      },
      { files: { uptime: ["7.25 3.10"] } },
    );
  const made = "docker swarm init --advertise-addr 10.77.0.11";

  test("runs swarm init once, with its own address, and prints no token", () => {
    const { status, stdout, calls } = init("inactive", 7);
    expect([status, stdout]).toEqual([0, "cluster1\n"]);
    expect(calls).toContain(made);
    expect(calls.filter((call) => call.startsWith("curl")).map((call) => call.split(" ").at(-1))).toEqual([
      "https://10.77.0.12:2377",
      "https://10.77.0.13:2377",
    ]);
    expect(init("active", 0).calls).not.toContain(made);
  });

  test("runs no swarm init if another manager still answers, and says what a second swarm would lose", () => {
    const { status, stderr, calls } = init("inactive", 35);
    expect([status, calls.includes(made)]).toEqual([1, false]);
    expect(stderr).toBe(
      "waited 120 s for the other managers to be gone\n" +
        "    refusing to init a second swarm: manager 10.77.0.12 still responds; to lose what runs there: ./farm destroy, then ./farm up\n",
    );
  });

  test("fails on a node that was a worker until now, and says what to do", () => {
    const { status, stderr, calls } = init("active", 7, false);
    expect([status, calls.includes(made)]).toEqual([1, false]);
    expect(stderr).toContain("configure three managers first (./farm up), then one");
  });
});

describe("a join", () => {
  const token = "SWMTKN-1-ca-secret";
  const state = 'head -n 1 "$here/states"; [ "$(wc -l <"$here/states")" = 1 ] || sed -i 1d "$here/states"';

  /** Joins with managers of which only the second answers; the node has one state for each query, the last stays. */
  const join = (states: readonly string[], before: readonly string[] = [], log = "") =>
    runWith(
      here(scripts("join.sh", { NODE: "worker1", ADDRESS: "10.77.0.21" })),
      {
        sleep: "",
        journalctl: `echo '${log}'`,
        docker: `case "$1 $2 $*" in *LocalNodeState*) ${state} ;; *NodeID*) echo node1 ;; esac`,
        curl: `case $* in *_ping*) ;; */info) echo '{"Name":"\\"LocalNodeState\\":\\"active\\"","Swarm":{"LocalNodeState":"'"$(${state})"'"}}' ;; *10.77.0.11:2377) exit 7 ;; *10.77.0.12:2377) exit 35 ;; *swarm/join*) cat >"$here/body"; echo "$(cat "$here/body")" >>"$here/calls" ;; esac`,
      },
      {
        input: token,
        env: { MANAGERS: "manager1=10.77.0.11 manager2=10.77.0.12 worker1=10.77.0.21" },
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

  test("waits for a membership that comes back", () => {
    const { status, calls } = join(["pending", "pending", "pending", "active"], ["SWMTKN-1-ca"]);
    expect([status, bodies(calls)]).toEqual([0, []]);
    expect(calls).not.toContain("docker swarm leave --force");
  });

  test("leaves at once a membership that the managers have removed, and no other", () => {
    const removed = (id: string) => `error="Permission denied: node ${id} was removed from swarm"`;
    const left = join(["pending", "pending", "pending", "inactive", "active"], ["SWMTKN-1-ca"], removed("node1"));
    expect([left.status, bodies(left.calls).length]).toEqual([0, 1]);
    expect(left.calls).toContain("docker swarm leave --force");
    const kept = join(["pending", "pending", "pending", "active"], ["SWMTKN-1-ca"], removed("node2"));
    expect(kept.calls).not.toContain("docker swarm leave --force");
  });

  test("leaves another swarm first", () => {
    const { status, calls } = join(["active", "inactive", "inactive", "active"], ["SWMTKN-1-other"]);
    expect([status, bodies(calls).length]).toEqual([0, 1]);
    expect(calls).toContain("docker swarm leave --force");
  });
});

describe("a change of a node", () => {
  const sequence = "Error response from daemon: rpc error: code = Unknown desc = update out of sequence";
  const pause = scripts("set-availability.sh", { NODE: "worker1", AVAILABILITY: "pause" });

  test("is retried if the node has changed", () => {
    const { status, stderr, changes } = runWithNode(pause, { refusals: [sequence, sequence] });
    expect([status, stderr, changes.length]).toEqual([0, "", 3]);
  });

  test("is not retried after another error, and gives up after 20 attempts", () => {
    const refused = runWithNode(pause, { refusals: ["Error: no such node"] });
    expect([refused.status, refused.stderr, refused.changes.length]).toEqual([1, "Error: no such node\n", 1]);
    const again = runWithNode(pause, { refusals: Array.from({ length: 99 }, () => sequence) });
    expect([again.status, again.stderr, again.changes.length]).toEqual([1, `${sequence}\n`, 20]);
  });
});

describe("labels", () => {
  const label = (key: string, value: string) => scripts("label.sh", { NODE: "worker1", KEY: key, VALUE: value });
  const unlabel = scripts("unlabel.sh", { NODE: "worker1", KEY: "db" });

  test("are set and checked", () => {
    const set = (read: string) =>
      runWith(label("com.example/db", "main one"), { docker: `[ "$2" = update ] || echo '${read}'` });
    expect(set("main one")).toMatchObject({
      status: 0,
      calls: [
        "docker node update --label-add com.example/db=main one worker1",
        'docker node inspect worker1 -f {{index .Spec.Labels "com.example/db"}}',
      ],
    });
    expect(set("other").status).toBe(1);
  });

  test("show the shell nothing of their values", () => {
    const bare = outsideQuotes(label("db", " "));
    fc.assert(
      fc.property(shellSyntax, (value) => {
        expect(outsideQuotes(label("db", ` ${value}`))).toBe(bare);
      }),
    );
  });

  test("are removed without complaint when they or the node are gone", () => {
    expect(runWithNode(unlabel)).toMatchObject({ status: 0, stderr: "", changes: [] });
    const refusals = ["Error response from daemon: no such label"];
    expect(runWithNode(unlabel, { refusals })).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("a report", () => {
  const report = (registries: string, then: string, hosts: readonly string[] = ["127.0.0.1 localhost"]) =>
    runWith(
      `( ${scripts("report.sh", { REGISTRIES: registries })
        .replaceAll("/etc/docker", "./etc")
        .replaceAll("/etc/hosts", "./hosts")
        .replace("/etc/os-release", "./os-release")} ); ${then}`,
      { docker: "echo 26.1.5", uname: "echo 6.12", "dpkg-query": "echo a; echo b" },
      { input: "CERTIFICATE\n", files: { "os-release": ["ID=debian", "VERSION_ID=13"], hosts } },
    );
  const hostsAfter = (registries: string, hosts?: readonly string[]) =>
    report(registries, "cat ./hosts", hosts).stdout.split("}").at(-1);

  test("comes after the registries are trusted, and describes a node without the farm's own image", () => {
    const registries = "registry.internal:5000=10.77.0.11 10.77.0.11:5000";
    const { status, stdout, calls } = report(registries, "cd etc/certs.d; grep . */ca.crt");
    expect([status, stdout.split("}").at(-1)]).toEqual([
      0,
      "10.77.0.11:5000/ca.crt:CERTIFICATE\nregistry.internal:5000/ca.crt:CERTIFICATE\n",
    ]);
    expect(stdout).toMatch(/^\{"os":"debian 13","kernel":"6.12","docker":"26.1.5","packages":"[0-9a-f]{64}"\}/);
    expect(calls).toContain("docker version -f {{.Server.Version}}");
  });

  test("writes the host of the farm's registry to /etc/hosts, once, and no other host", () => {
    const own = ["127.0.0.1 localhost", "10.77.0.21 worker1", "192.0.2.7 registry.internal.example.com"];
    const expected = `${[...own, "10.77.0.12 registry.internal"].join("\n")}\n`;
    const registries = "registry.internal:5000=10.77.0.12 10.77.0.12:5000 registry.example.com:5000";
    expect(hostsAfter(registries, own)).toBe(expected);
    expect(hostsAfter(registries, [...own.slice(0, 2), "10.77.0.11\tregistry.internal", ...own.slice(2)])).toBe(
      expected,
    );
    expect(hostsAfter(registries, [])).toBe("10.77.0.12 registry.internal\n");
  });
});

test("remember-swarm.sh writes the same record for a restored swarm as a join does", () => {
  const { status, stdout } = runWith(here(`${scripts("remember-swarm.sh", {})}; cat /var/lib/swarm-farm/joined`), {
    docker: "echo SWMTKN-1-ca-secret",
  });
  expect([status, stdout]).toEqual([0, "SWMTKN-1-ca"]);
});
