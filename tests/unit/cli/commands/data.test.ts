import type { CommandDefinition, Invocation } from "../../../../cli/command-line/command";
import { backup } from "../../../../cli/commands/backup";
import { doctor } from "../../../../cli/commands/doctor";
import { rebalance } from "../../../../cli/commands/rebalance";
import { recover } from "../../../../cli/commands/recover";
import { restore } from "../../../../cli/commands/restore";
import { EndedWith } from "../../../../cli/base/errors";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"]);
});

afterEach(() => {
  farm.remove();
  jest.restoreAllMocks();
});

const run = async (command: CommandDefinition, typed: Partial<Invocation> = {}) =>
  command.run(farm.context(), { arguments: [], options: {}, ...typed });

test.each([backup, doctor, rebalance, recover, restore])(
  "$name has a summary, a description and examples",
  (command) => {
    expect(command.summary).toMatch(/^[a-z].*[^.]$/);
    expect(command.description).toMatch(/\.$/);
    for (const { line, what } of command.examples ?? []) {
      expect(line).toMatch(new RegExp(`^\\./farm ${command.name}( |$)`));
      expect(what).toMatch(/^[a-z]/);
    }
  },
);

describe("rebalance", () => {
  const steward = (...tasks: readonly string[]) => {
    const lines = tasks.map((task) => `'${task}'`).join(" ");
    farm.ssh(`case $line in *'service ps steward'*) printf '%s\\n' ${lines} ;; *) did "$node" "$line"; exit 3 ;; esac`);
  };

  test("asks a steward that runs, not one that starts, and exits with its status", async () => {
    steward("manager1 steward.2.b Starting 2 seconds ago", "manager2 steward.1.a Running 3 minutes ago");
    const ended = run(rebalance, { arguments: ["hello", "a b"], options: { dryRun: true } });
    await expect(ended).rejects.toThrow(new EndedWith(3));
    expect(farm.done).toEqual([
      "manager2 docker exec steward.1.a node /srv/steward.js rebalance --config /etc/steward.json hello 'a b' --dry-run",
    ]);
  });

  test.each([[[]], [["manager1 steward.1.a Failed 2 seconds ago"]]])(
    "without a steward says how to deploy one: %s",
    async (tasks) => {
      steward(...tasks);
      await expect(run(rebalance)).rejects.toThrow(
        "no steward runs: add swarm-farm:steward: {} to Pulumi.dev.yaml, then ./farm up",
      );
    },
  );
});

describe("restore refuses before it reads anything", () => {
  test.each([
    [[], "which backup? ./farm restore FILE"],
    [["f", "registry"], "a backup has no part 'registry'; there are: swarm, mysql"],
    [["/nowhere/f", "mysql"], "there is no file /nowhere/f"],
  ])("%j", async (args, message) => {
    await expect(run(restore, { arguments: args })).rejects.toThrow(message);
  });
});

describe("restore --rehearse refuses before it builds anything", () => {
  test.each<[readonly string[], Invocation["options"], string]>([
    [[], { keep: true }, "--keep leaves the farm of a rehearsal: add --rehearse"],
    [["f", "mysql"], { rehearse: true }, "a rehearsal restores everything of the backup"],
    [[], { rehearse: true, from: "shop" }, "a rehearsal restores everything of the backup"],
    [["worker1:1a2b3c4d"], { rehearse: true }, "the configuration has no swarm-farm:backups"],
    [[], { rehearse: true }, "there is no backup to rehearse: ./farm backup writes one"],
    [["/nowhere/f"], { rehearse: true }, "there is no file /nowhere/f"],
  ])("%j with %j", async (args, options, message) => {
    await expect(run(restore, { arguments: args, options })).rejects.toThrow(message);
    expect(farm.calls.filter((line) => line !== "pulumi version")).toEqual([]);
  });
});

test("backup writes to the path in its argument", async () => {
  await expect(run(backup, { arguments: ["/nowhere/x"] })).rejects.toThrow("/nowhere/x: there is no folder /nowhere");
});

test("recover uses --lost-host for the hypervisors that are lost", async () => {
  farm.configure("config: { 'swarm-farm:hosts': { left: { uri: l }, right: { uri: r } } }\n");
  farm.program("virsh", `[ "$3" = l ]`);
  farm.ssh("case $line in true) [ $node = manager1 ] ;; *) exit 1 ;; esac");
  farm.state("ssh/managers", "manager1=10.77.0.11\nmanager2=10.77.0.12\n");
  await expect(run(recover)).rejects.toThrow("nothing was done");
  farm.program("virsh", `[ "$3 $4" = 'l list' ]`);
  await expect(run(recover)).rejects.toThrow("./farm recover --lost-host right");
  await expect(run(recover, { options: { lostHost: ["right"] } })).rejects.toThrow("nothing was done");
});

describe("doctor", () => {
  test("exits with 1 and prints its findings", async () => {
    const written: string[] = [];
    jest.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
    farm.program("pulumi", `echo '{"deployment":{}}'`);
    farm.program("virsh", "exit 1");
    farm.ssh("exit 255");
    await expect(run(doctor)).rejects.toThrow(new EndedWith(1));
    expect(written.join("")).toContain("✗ hypervisor 'local' does not answer: virsh ended with 1");
  });

  test("exits with 2 if it cannot compare", async () => {
    farm.program("pulumi", "echo 'error: incorrect passphrase' >&2; exit 255");
    await expect(run(doctor)).rejects.toMatchObject({ name: "FarmError", exitCode: 2 });
  });
});
