import fc from "fast-check";
import { domainStates, parseList } from "../../../../cli/hypervisor/domains";
import { namesIn, virsh } from "../../../../cli/hypervisor/virsh";
import { FakeFarm } from "../../../support/fake-farm";

const uri = "qemu:///system";
let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
});
afterEach(() => {
  farm.remove();
});

/** As libvirt's own catalogue has it: the language of the environment, unless LC_ALL is C. */
const german = `if [ "\${LC_ALL:-}" != C ]; then
  echo ' 1   dev.manager1   laufend'; echo 'Fehler: Keine Verbindung' >&2
else
  echo ' 1   dev.manager1   running'; echo 'error: no connection' >&2
fi`;

describe("in any language of the user", () => {
  const { LANG } = process.env;
  beforeEach(() => {
    process.env.LANG = "de_DE.UTF-8";
  });
  afterEach(() => {
    if (LANG === undefined) delete process.env.LANG;
    else process.env.LANG = LANG;
  });

  test("a VM that runs is 'running'", async () => {
    farm.program("virsh", german);
    expect(await domainStates(farm.context(), uri)).toEqual(new Map([["dev.manager1", "running"]]));
  });

  test("libvirt's error is recognized", async () => {
    farm.program("virsh", `${german}\nexit 1`);
    expect(await domainStates(farm.context(), uri)).toBe("no connection");
  });
});

test("a VM of this machine that runs with a kernel that has panicked is 'panicked'", async () => {
  const ends: readonly (readonly [name: string, end: string])[] = [
    ["dev.manager1", "swarm-farm: manager1 docker ready after 24 s"],
    ["dev.worker1", "[ 2.355832] ---[ end Kernel panic - not syncing: Fatal exception in interrupt ]---"],
    ["dev.worker10", "[ 2.355832] Rebooting in 10 seconds.."],
  ];
  farm.program("virsh", ends.map(([name]) => `echo ' 1   ${name}   running'`).join("\n"));
  farm.program(
    "tail",
    ends
      .map(([name, end]) => `echo '==> /var/log/libvirt/qemu/${name}.console.log <=='; echo '${end}'`)
      .join("; echo; "),
  );
  const states = await domainStates(farm.context(), uri);
  expect(Object.fromEntries(states as ReadonlyMap<string, string>)).toEqual({
    "dev.manager1": "running",
    "dev.worker1": "panicked",
    "dev.worker10": "running",
  });
  const remote = await domainStates(farm.context(), "qemu+ssh://root@host/system");
  expect([...new Set((remote as ReadonlyMap<string, string>).values())]).toEqual(["running"]);
});

test.each([
  [
    "the last of several errors, which says most",
    "error: failed to connect to the hypervisor\nerror: Cannot recv data: Host key verification failed.\n",
    1,
    "Cannot recv data: Host key verification failed.",
  ],
  ["an error among other lines", "setlocale: No such file\nerror: no pool\n\n", 1, "no pool"],
  [
    "the error of nsenter",
    "nsenter: cannot open /proc/7/ns/net: No such file or directory\n",
    1,
    "nsenter: cannot open",
  ],
  ["an error that was cut off", "error:", 1, "virsh ended with 1"],
  ["a crash without a word", "", 139, "virsh ended with 139"],
])("the reason of a virsh that fails is %s", async (_, stderr, status, reason) => {
  farm.write("reason", stderr);
  farm.program("virsh", `cat "$here/reason" >&2; exit ${String(status)}`);
  await expect(virsh(farm.context(), uri, "list")).rejects.toThrow(reason);
});

test("a machine without virsh is an error with the command that installs it", async () => {
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  try {
    await expect(virsh(farm.context(), uri, "list")).rejects.toThrow("virsh is not installed: ./farm setup");
  } finally {
    process.env.PATH = path;
  }
});

test("Ctrl-C ends a virsh that hangs", async () => {
  farm.program("virsh", "exec sleep 20");
  const began = Date.now();
  await expect(virsh(farm.context({ signal: AbortSignal.timeout(50) }), uri, "list")).rejects.toThrow("no answer");
  expect(Date.now() - began).toBeLessThan(10_000);
});

const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,30}$/);
const state = fc.constantFrom("running", "idle", "paused", "in shutdown", "shut off", "crashed", "pmsuspended");

test("parses every domain that virsh lists with its state, however wide the columns are", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, state), { selector: ([each]) => each }), fc.nat(12), (domains, width) => {
      const lines = domains.map(
        ([each, is], index) => ` ${is === "running" ? String(index) : "-"}${" ".repeat(width + 1)}${each}   ${is}`,
      );
      expect([...parseList(`${lines.join("\n")}\n\n`)]).toEqual(domains);
    }),
  );
});

test("a list that is cut off yields no false domain and no false state", () => {
  const list = " 1   dev.manager1   running\n -   dev.worker1   shut off\n";
  for (let length = 0; length <= list.length; length++) {
    const [manager, worker] = ["dev.manager1", "dev.worker1"].map((each) => parseList(list.slice(0, length)).get(each));
    expect("running".startsWith(manager ?? "")).toBe(true);
    expect("shut off".startsWith(worker ?? "")).toBe(true);
  }
});

test.each([
  ["", []],
  ["\n\n", []],
  [" half.qcow2  /pool/half\n seed.iso /pool/seed\n", ["half.qcow2", "seed.iso"]],
  ["default\nswarm-farm-dev", ["default", "swarm-farm-dev"]],
])("parses the names in %j as %j", (list, names) => {
  expect(namesIn(list)).toEqual(names);
});
