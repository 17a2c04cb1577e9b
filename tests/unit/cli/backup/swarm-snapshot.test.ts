import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { knownSnapshot } from "../../../../cli/backup/snapshots";
import { sealType, SwarmSnapshot } from "../../../../cli/backup/swarm-snapshot";
import { restore } from "../../../../cli/commands/restore";
import { scripts } from "../../../../infra/keys/scripts";
import { FakeFarm } from "../../../support/fake-farm";

const made = spawnSync("sh", ["-c", scripts("seal.sh", { DAYS: 1 })], {
  encoding: "utf8",
  env: { ...process.env, NAME: "swarm-farm backups" },
}).stdout;
const { key, cert } = JSON.parse(made) as { readonly key: string; readonly cert: string };
const snapshot = { node: "manager1", id: "1a2b3c4d" };
const known = { ...snapshot, kind: "swarm", time: "2026-11-29T02:31:05Z", reader: "worker1" } as const;

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm().built(["manager1"], ["worker1", "worker2"]);
  seal("swarm/certificates/swarm-node.key");
  keep(key);
});

afterEach(() => {
  farm.remove();
});

/** Writes what a manager's program keeps: a state of one file, encrypted. */
function seal(file: string): void {
  farm.write("state/info.json", '{"ServerVersion":"26.1.5","Swarm":{"Cluster":{"ID":"cluster1"}}}\n');
  farm.write("state/nodes.json", '{"Hostname":"manager1","ID":"id1","ManagerStatus":"Leader"}\n');
  farm.write(`from/${file}`, "the swarm's key");
  farm.write("cert", cert);
  const packed = join(farm.home, "packed");
  mkdirSync(packed, { recursive: true });
  const script = `cd "$1" && tar -C from -cf state/swarm.tar swarm && tar -C state -c info.json nodes.json swarm.tar |
    openssl cms -encrypt -binary -outform DER -aes-256-gcm -recip cert -out sealed`;
  expect(spawnSync("sh", ["-c", script, "sh", farm.home]).status).toBe(0);
}

/** Pulumi's state has a key. */
function keep(plaintext: string): void {
  const outputs = { key: { plaintext: JSON.stringify(plaintext) } };
  const resources = [{ urn: "urn:pulumi:dev::swarm-farm::x::backups-seal", type: sealType, outputs }];
  farm.write("exported", JSON.stringify({ deployment: { resources } }));
  farm.program("pulumi", `cat "$here/exported"`);
  farm.ssh(`did "$node $line"
    case $node:$line in
      manager1:*) exit 255 ;;
      worker1:*' kind 1a2b3c4d manager1') echo 'swarm 2026-11-29T02:31:05Z' ;;
      *' print 1a2b3c4d manager1') cat "$here/sealed" ;;
      *) exit 1 ;;
    esac`);
}

test("the first node that answers knows what a snapshot is of", async () => {
  expect(await knownSnapshot(farm.context(), snapshot)).toEqual(known);
  expect(farm.done).toEqual(["manager1", "worker1"].map((node) => `${node} swarm-farm-backups kind 1a2b3c4d manager1`));
  expect(await knownSnapshot(farm.context(), { node: "worker2", id: "00000000" })).toBeUndefined();
});

test("a node that the farm has no more is not looked for elsewhere: the others read its repository", async () => {
  expect(await knownSnapshot(farm.context(), { node: "worker9", id: "1a2b3c4d" })).toBeUndefined();
  expect(farm.done.filter((line) => line.startsWith("worker9 "))).toEqual([]);
  expect(farm.done).toHaveLength(3);
});

test("a state is a backup of its manager, which this machine decrypts", async () => {
  const archive = await SwarmSnapshot.open(farm.context(), known);
  expect(archive.manifest).toEqual({
    stack: "dev",
    date: "2026-11-29T02:31:05Z",
    node: "manager1",
    nodes: [{ name: "manager1", id: "id1", manager: true }],
    cluster: "cluster1",
    docker: "26.1.5",
    parts: { "swarm.tar": "" },
  });
  expect([archive.file, archive.has("swarm.tar"), archive.has("mysql.sql")]).toEqual([
    "manager1:1a2b3c4d",
    true,
    false,
  ]);
  const content = await archive.read(
    "swarm.tar",
    [{ argv: ["tar", "-xO", "swarm/certificates/swarm-node.key"] }],
    text,
  );
  expect(content).toBe("the swarm's key");
  expect(readFileSync(join(farm.home, "sealed")).includes("the swarm's key")).toBe(false);
});

test.each([
  [
    "a node that cannot read it",
    () => {
      farm.ssh("echo 'the target cannot be read' >&2; exit 1");
    },
    "cannot be read: ssh ended with 1: the target cannot be read",
  ],
  [
    "another farm's key",
    () => {
      keep("another key");
    },
    "manager1:1a2b3c4d cannot be read",
  ],
  [
    "a state without its key",
    () => {
      seal("swarm/other");
    },
    "has no whole state of a swarm: choose another",
  ],
  [
    "a farm without a key",
    () => farm.write("exported", '{"deployment":{}}'),
    "the state of this farm has no key of the backups",
  ],
])("%s is the command's error", async (_, prepare, message) => {
  farm.write("from/swarm/certificates/swarm-node.key");
  spawnSync("rm", ["-r", join(farm.home, "from")]);
  prepare();
  await expect(SwarmSnapshot.open(farm.context(), known)).rejects.toThrow(message);
});

test("a restore of it takes no other node", async () => {
  const run = (options: Readonly<Record<string, string | boolean>>) =>
    restore.run(farm.context(), { arguments: ["manager1:1a2b3c4d"], options });
  await expect(run({ to: "worker1" })).rejects.toThrow(
    "manager1:1a2b3c4d is the state of the swarm, which its manager alone takes: without --to",
  );
});
