import { spawnSync } from "node:child_process";
import { recover } from "../../../../cli/recover/recover";
import { FakeFarm } from "../../../support/fake-farm";

jest.setTimeout(30_000);

/** A node that knows a leader, knows one no more as soon as it is asked again, knows none, has an expired certificate, or is lost. */
type Node = "decides" | "decided" | "runs" | "expired" | "lost";

interface Around {
  readonly lostHosts?: readonly string[];
  readonly yes?: boolean;
  /** When each manager's raft log was last written. */
  readonly written?: Readonly<Record<string, number>>;
  readonly workers?: Readonly<Record<string, Node>>;
  /** Hypervisors by their names: on which of them the VMs are, or that they do not answer. Default: one without VMs. */
  readonly hosts?: Readonly<Record<string, readonly string[] | "away">>;
}

/** A certificate of one day, as a node prints it two days later, and on the first day. */
const certificate = spawnSync("openssl", [
  ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null"],
  ...["-subj", "/CN=node", "-days", "1"],
]).stdout.toString();
const now = Math.floor(Date.now() / 1000);
const expiry = new Date((now + 86_400) * 1000).toISOString().slice(0, 10);

const programs = `
is=$(cat "$here/$node" 2>/dev/null || echo lost)
[ "$is" != lost ] || exit 255
case $line in
  true) ;;
  *+now=%s*) if [ "$is" = expired ]; then cat "$here/expired.pem"; else cat "$here/valid.pem"; fi ;;
  *wal-v3-encrypted*) cat "$here/$node.written" ;;
  'docker node ls >'*)
    if [ "$is" = decided ]; then echo runs >"$here/$node"; fi
    [ "$is" = decides ] || [ "$is" = decided ]
    ;;
  *docker-state.json*)
    echo decides >"$here/$node"
    did "$node: new certificate"
    ;;
  *'swarm leave'*) did "$node: leaves" ;;
  *force-new-cluster*)
    echo decides >"$here/$node"
    did "$node: leads alone as \${line#*--advertise-addr }"
    ;;
  *'node rm'*) did "$node: forgets \${line##*--force }" ;;
esac`;

const virsh = `
uri=$3
[ "$(cat "$here/$uri")" != away ] || exit 1
case $4 in
  list | vol-info) ;;
  dominfo) grep -qx "$5" "$here/$uri" ;;
  destroy | undefine) did "$4 $5" ;;
  vol-delete) did "$4 $7" ;;
esac`;

/** `./farm recover` of a farm with managers manager1, manager2 …; and what was done to which node. */
async function run(managers: readonly Node[], around: Around = {}) {
  const { lostHosts = [], yes = true, written = {}, workers = {}, hosts = { local: [] } } = around;
  const names = managers.map((_, index) => `manager${String(index + 1)}`);
  const farm = new FakeFarm().built(names, Object.keys(workers));
  try {
    for (const [index, name] of names.entries()) farm.write(name, managers[index] ?? "");
    for (const [name, is] of Object.entries(workers)) farm.write(name, is);
    for (const name of names) farm.write(`${name}.written`, String(written[name] ?? 1));
    farm.write("valid.pem", `now=${String(now)}\n${certificate}`);
    farm.write("expired.pem", `now=${String(now + 2 * 86_400)}\n${certificate}`);
    const uris = Object.entries(hosts).map(([host, has]) => {
      farm.write(`host-${host}`, has === "away" ? "away" : has.map((name) => `dev.${name}\n`).join(""));
      return `${host}: { uri: host-${host} }`;
    });
    farm.configure(`config:\n  swarm-farm:hosts: { ${uris.join(", ")} }\n  swarm-farm:nodes: nonsense\n`);
    farm.program("virsh", virsh);
    farm.ssh(programs);
    const failure = await recover(farm.context(), { lostHosts, yes, followersSeconds: 1 }).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return { failure, printed: farm.printed, done: farm.done };
  } finally {
    farm.remove();
  }
}

test.each<[what: string, managers: Node[], message: string]>([
  [
    "the swarm has a leader",
    ["lost", "decides", "decides"],
    "the swarm has a leader, nothing is to be recovered (manager3",
  ],
  ["a quorum runs", ["runs", "lost", "runs"], "manager1, manager3 run, which is a quorum"],
  [
    "one certificate has expired, and the others have a leader",
    ["expired", "decides", "decides"],
    "the swarm has a leader",
  ],
  ["no manager runs", ["lost", "lost", "lost"], "no manager answers: start one first (./farm up --refresh)"],
])("changes nothing if %s, and says what to do", async (_, managers, message) => {
  const { failure, done } = await run(managers);
  expect(failure).toContain(message);
  expect(done).toEqual([]);
});

test("fails without a farm", async () => {
  const { failure } = await run([]);
  expect(failure).toBe("there is no farm 'dev' whose managers are known");
});

test.each<[Node[]]>([[["runs", "lost", "lost"]], [["expired"]]])(
  "changes nothing without a confirmation: %s",
  async (all) => {
    const { failure, done } = await run(all, { yes: false });
    expect([failure, done]).toEqual(["nothing was done", []]);
  },
);

test("one of three managers leads alone once the lost ones cannot return", async () => {
  const { failure, printed, done } = await run(["lost", "runs", "lost"], {
    hosts: { local: ["manager1", "manager3"] },
  });
  expect(failure).toBeUndefined();
  expect(done).toEqual([
    ...["manager1", "manager3"].flatMap((name) => [
      `destroy dev.${name}`,
      `undefine dev.${name}`,
      `vol-delete ${name}.qcow2`,
      `vol-delete ${name}-data.qcow2`,
    ]),
    "manager2: leads alone as 10.77.0.12 >/dev/null",
    "manager2: forgets manager1 >/dev/null",
    "manager2: forgets manager3 >/dev/null",
  ]);
  expect(printed).toContain("the quorum is lost: manager2 left, manager1, manager3 do not answer");
  expect(printed).toContain("removed the VM of manager1 and its disks");
  expect(printed).toContain("manager2 leads the swarm; ./farm up --refresh recreates manager1, manager3, and lets all");
});

test("waits for a leader that has not noticed yet that it lost the quorum", async () => {
  const { failure, done } = await run(["lost", "decided", "lost"]);
  expect([failure, done[0]]).toEqual([undefined, "manager2: leads alone as 10.77.0.12 >/dev/null"]);
});

test("does not touch a leader with a quorum: ./farm up --refresh lets nodes with expired certificates join again", async () => {
  const { failure, done } = await run(["decides", "expired", "expired"]);
  expect(failure).toContain("manager1 leads the swarm, nothing is to be recovered; ./farm up --refresh lets nodes");
  expect(done).toEqual([]);
});

test("of two managers left of five one leads alone, and the other leaves the swarm and keeps its VM", async () => {
  const { failure, done } = await run(["lost", "runs", "lost", "runs", "lost"]);
  expect([failure, done.slice(0, 2)]).toEqual([
    undefined,
    ["manager4: leaves", "manager2: leads alone as 10.77.0.12 >/dev/null"],
  ]);
});

describe("for expired certificates", () => {
  test("the only manager gets a new one, and workers with expired certificates join again", async () => {
    const workers = { worker1: "expired", worker2: "runs", worker3: "lost" } as const;
    const { failure, printed, done } = await run(["expired"], { workers });
    expect([failure, done]).toEqual([
      undefined,
      ["manager1: new certificate", "worker1: leaves", "manager1: forgets worker1 >/dev/null"],
    ]);
    expect(printed).toContain(`the swarm's certificates have expired: manager1 ${expiry}, worker1 ${expiry}`);
    expect(printed).toContain("manager1 leads the swarm; ./farm up --refresh lets all other nodes join it");
  });

  test("the manager with the newest raft log of three leads alone, and no VM is removed", async () => {
    const written = { manager1: 100, manager2: 300, manager3: 200 };
    const { failure, done } = await run(["expired", "expired", "expired"], { written });
    expect([failure, done]).toEqual([
      undefined,
      [
        "manager2: new certificate",
        "manager1: leaves",
        "manager3: leaves",
        "manager2: forgets manager1 >/dev/null",
        "manager2: forgets manager3 >/dev/null",
      ],
    ]);
  });

  test("a manager whose certificate has not expired leads alone", async () => {
    const { failure, done } = await run(["expired", "runs", "expired"]);
    expect([failure, done.slice(0, 3)]).toEqual([
      undefined,
      ["manager1: leaves", "manager3: leaves", "manager2: leads alone as 10.77.0.12 >/dev/null"],
    ]);
  });
});

describe("for a hypervisor that does not answer", () => {
  const managers: readonly Node[] = ["runs", "lost", "lost"];
  const hosts = { left: ["manager1", "manager2"], right: "away" } as const;

  test("changes nothing and names the VM of a lost manager, which may return", async () => {
    const { failure, done } = await run(managers, { hosts });
    expect(failure).toContain("hypervisor 'right' does not answer, and may have the VM of manager3");
    expect(failure).toContain("if it is gone for good: ./farm recover --lost-host right");
    expect(done).toEqual([]);
  });

  test("continues with --lost-host", async () => {
    const { failure, done } = await run(managers, { hosts, lostHosts: ["right"] });
    expect([failure, done[0], done.at(-1)]).toEqual([
      undefined,
      "destroy dev.manager2",
      "manager1: forgets manager3 >/dev/null",
    ]);
  });

  test("continues if all lost managers are on other hypervisors", async () => {
    const there = { left: ["manager1", "manager2", "manager3"], right: "away" } as const;
    expect((await run(managers, { hosts: there })).failure).toBeUndefined();
  });
});
