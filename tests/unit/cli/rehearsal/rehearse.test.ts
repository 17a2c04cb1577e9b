import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { lastRehearsal } from "../../../../cli/doctor/rehearsal";
import { rehearse } from "../../../../cli/rehearsal/rehearse";
import { EndedWith, FarmError } from "../../../../cli/base/errors";
import { RehearsedFarm } from "../../../support/rehearsed-farm";

jest.setTimeout(60_000);

let farm: RehearsedFarm;

afterEach(() => {
  farm.remove();
});

const last = { snapshot: undefined };
const removed = "stack rm dev-rehearsal --yes --force --non-interactive";
const folderOf = (text = "") => load(text) as { readonly config: Readonly<Record<string, Record<string, unknown>>> };

/** That nothing of the rehearsal is left, and nothing of the farm was touched. */
function expectRemoved(): void {
  expect(farm.done.at(-1)).toBe(removed);
  expect(existsSync(join(farm.home, "Pulumi.dev-rehearsal.yaml"))).toBe(false);
  expect(existsSync(join(farm.folders.farms, "dev-rehearsal"))).toBe(false);
  expect(existsSync(join(farm.folders.state, "rehearsal.pid"))).toBe(false);
  const changing = farm.done.filter((line) => line.startsWith("farm:") && !/ (list|status)$|tar .* -c /.test(line));
  expect(changing).toEqual([]);
}

test("the last backups are copied, restored and compared beside the farm, then services are there, and all is removed", async () => {
  farm = new RehearsedFarm();
  await rehearse(farm.context(), farm.builder(), last, { keep: false });
  const [data, all] = farm.ups.map(folderOf);
  expect(Object.keys(data?.config ?? {}).sort()).toEqual(
    ["backups", "hosts", "network", "nodes"].map((key) => `swarm-farm:${key}`),
  );
  expect(data?.config["swarm-farm:backups"]).toMatchObject({ readOnly: true, password: { secure: "v1:abc" } });
  expect(Object.keys(data?.config["swarm-farm:nodes"] ?? {})).toEqual(["manager1", "worker1"]);
  expect(all?.config).toMatchObject({ "swarm-farm:hello": {}, "swarm-farm:network": { egress: false } });
  expect(farm.done).toContain("password right horse");
  expect(farm.restored).toEqual([
    "rehearsal:worker1:tar -C /mnt/backups -x",
    "rehearsal:worker1:swarm-farm-backups fetch 5e6f7a8b worker1",
    "rehearsal:worker1:swarm-farm-backups restore 1a2b3c4d worker1",
    "rehearsal:worker1:swarm-farm-backups verify 1a2b3c4d worker1",
    expect.stringContaining("service ps shop_db"),
    expect.stringMatching(/swarm-farm-backups (fetched|load) shop$/),
    expect.stringMatching(/swarm-farm-backups (fetched|load) shop$/),
  ]);
  expect(["copied", "loaded"].map((file) => readFileSync(join(farm.home, file), "utf8"))).toEqual([
    "a repository\n",
    "one order\n",
  ]);
  expect(farm.printed).toMatch(/✓ volume uploads +4 of 4 files and folders/);
  expect(farm.printed).toMatch(/✓ routes +hello 200 in 0.10 s/);
  expect(farm.printed).toMatch(/RPO.* the age of the oldest of 2 snapshots\n.*RTO.*: nodes \d+ s, .*, routes \d+ s\n/);
  expect(farm.printed).toContain("the rehearsal passed");
  expect(lastRehearsal(farm.context())).toMatchObject({ problems: [], source: "2 snapshots" });
  expectRemoved();
});

test("S3 and SFTP are read through a way out that services do not have; a password of the configuration stays", async () => {
  const s3 = { endpoint: "https://s3.example", bucket: "farm", accessKey: "id", secretKey: { secure: "v1:key" } };
  farm = new RehearsedFarm({ to: { s3 }, backups: { password: { secure: "v1:own" } } });
  await rehearse(farm.context(), farm.builder(), last, { keep: false });
  expect(farm.ups.map((text) => folderOf(text).config["swarm-farm:network"]?.egress)).toEqual([true, false]);
  expect(farm.ups.join()).toContain("v1:own");
  expect(farm.done.filter((line) => /tar|password/.test(line))).toEqual([]);
});

test("of a farm without encrypted values the salt of the first one stays in its file", async () => {
  farm = new RehearsedFarm();
  farm.configure(readFileSync(join(farm.home, "Pulumi.dev.yaml"), "utf8").replace(/^encryptionsalt: .*\n/, ""));
  await rehearse(farm.context(), farm.builder(), last, { keep: false });
  expect(farm.ups.map((text) => text.includes("encryptionsalt: v1:new"))).toEqual([true, true]);
});

test("one snapshot is rehearsed alone", async () => {
  farm = new RehearsedFarm();
  await rehearse(farm.context(), farm.builder(), { snapshot: { node: "worker1", id: "1a2b3c4d" } }, { keep: false });
  expect(farm.restored.filter((line) => /fetch|load/.test(line))).toEqual([]);
  expect(lastRehearsal(farm.context())?.source).toBe("a snapshot");
});

test.each([
  [
    "a volume that is not whole",
    "*verify*) echo 'uploads has 3 and its snapshot 4' >&2; exit 1 ;;",
    "volume uploads: uploads has 3",
  ],
  [
    "a snapshot that cannot be read",
    "*' fetch '*) echo 'cannot be read whole' >&2; exit 1 ;;",
    "dump shop: cannot be read whole",
  ],
  [
    "a database without all rows",
    "*' load '*) cat >/dev/null; echo 'less than what was loaded' >&2; exit 1 ;;",
    "load shop: ssh ended with 1: less",
  ],
  [
    "a service that does not run",
    "*'service ps'*) echo ;;",
    "load shop: the service 'shop_db', which loads the dump 'shop', does not run",
  ],
  [
    "a state of the swarm of which the farm has no key",
    `farm:manager1:*backups\\ list) echo '[{"time":"2026-11-29T02:31:05.1Z","short_id":"aa","tags":["swarm:state"]}]' ;;`,
    "swarm state: the state of this farm has no key of the backups",
  ],
  ["a dump that was never made", "*status) echo wants=dump:orders ;;", "dump orders has no snapshot"],
])("%s fails the rehearsal, which goes on to its end", async (_, answers, problem) => {
  farm = new RehearsedFarm({ answers });
  await expect(rehearse(farm.context(), farm.builder(), last, { keep: false })).rejects.toThrow(problem);
  expect(farm.printed).toMatch(/✓ routes/);
  expect(lastRehearsal(farm.context())?.problems).toEqual([expect.stringContaining(problem)]);
  expectRemoved();
});

test("a route that fails with the restored data is named", async () => {
  farm = new RehearsedFarm({ route: "502 0.1" });
  await expect(rehearse(farm.context(), farm.builder(), last, { keep: false })).rejects.toThrow(
    "routes: route hello: http://10.0.0.1:8080/ answers 502",
  );
});

test.each([
  [new EndedWith(255), "its farm could not be built, for the reason above"],
  [new FarmError("waited 600 s"), "waited 600 s"],
])("a farm that is not built is removed: %p", async (error, problem) => {
  farm = new RehearsedFarm();
  const builder = farm.builder(() => Promise.reject(error));
  await expect(rehearse(farm.context(), builder, last, { keep: false })).rejects.toThrow(problem);
  expect(lastRehearsal(farm.context())?.problems).toEqual([problem]);
  expectRemoved();
});

test.each([false, true])("after Ctrl-C it is removed, and nothing is said of the backup; --keep: %p", async (keep) => {
  farm = new RehearsedFarm();
  const end = new AbortController();
  const builder = farm.builder(() => {
    end.abort();
    return Promise.resolve();
  });
  await expect(rehearse(farm.context({ signal: end.signal }), builder, last, { keep })).rejects.toThrow();
  expect(lastRehearsal(farm.context())).toBeUndefined();
  expectRemoved();
});

test("with --keep it is left, and the next one removes it first", async () => {
  farm = new RehearsedFarm();
  await rehearse(farm.context(), farm.builder(), last, { keep: true });
  expect(farm.printed).toContain("the rehearsal's farm is left: ./farm --stack dev-rehearsal");
  expect(existsSync(join(farm.home, "Pulumi.dev-rehearsal.yaml"))).toBe(true);
  const before = farm.done.length;
  await rehearse(farm.context(), farm.builder(), last, { keep: false });
  const again = farm.done.slice(before);
  expect(again.indexOf(removed)).toBeLessThan(again.findIndex((line) => line.startsWith("rehearsal:")));
  expectRemoved();
});

test.each([
  [
    "a node that does not answer",
    { answers: "farm:worker2:*) echo 'no route' >&2; exit 255 ;;" },
    "worker2 cannot be listed: no route",
  ],
  ["no snapshot yet", { answers: "farm:*list) echo '[]' ;;" }, "there is no snapshot yet"],
  ["a password that Pulumi has not generated", { answers: "" }, ""],
])("%s is refused before anything is built", async (_, around, message) => {
  farm = new RehearsedFarm(around);
  if (message === "")
    farm.programs({ pulumi: 'case "$*" in *rm*) did "$*" ;; *ls*) echo "[]" ;; *) echo "{}" ;; esac' });
  await expect(rehearse(farm.context(), farm.builder(), last, { keep: false })).rejects.toThrow(
    message === "" ? "the state has no password" : message,
  );
  expect(farm.ups).toEqual([]);
});

test("a machine without memory for its nodes, and a configuration with problems, are refused before anything is built", async () => {
  farm = new RehearsedFarm();
  const file = join(farm.home, "Pulumi.dev.yaml");
  const text = readFileSync(file, "utf8");
  for (const [problem, message] of [
    ['"memoryMiB":1000000', "need 1000512 MiB of memory"],
    ['"memoryMiB":1', "nodes.manager1.memoryMiB"],
  ] as const) {
    farm.configure(text.replace('"memoryMiB":512', problem));
    await expect(rehearse(farm.context(), farm.builder(), last, { keep: false })).rejects.toThrow(message);
  }
  expect([farm.ups, lastRehearsal(farm.context())]).toEqual([[], undefined]);
  expectRemoved();
});

test("every node is there where fewer have no place for a service", async () => {
  farm = new RehearsedFarm();
  const file = join(farm.home, "Pulumi.dev.yaml");
  const shop = farm.write(
    "shop.yaml",
    "services:\n  web:\n    image: shop/web:1\n    deploy: { placement: { constraints: [node.hostname == worker2] } }\n",
  );
  const entry = JSON.stringify({ shop: { file: shop } });
  farm.configure(
    readFileSync(file, "utf8").replace("  swarm-farm:hello", `  swarm-farm:stacks: ${entry}\n  swarm-farm:hello`),
  );
  await rehearse(farm.context(), farm.builder(), last, { keep: false });
  expect(Object.keys(folderOf(farm.ups[0]).config["swarm-farm:nodes"] ?? {})).toEqual([
    "manager1",
    "worker1",
    "worker2",
  ]);
});

test("a configuration that it cannot read, a missing passphrase, and a rehearsal of a rehearsal are refused", async () => {
  farm = new RehearsedFarm();
  const run = (context = farm.context()) => rehearse(context, farm.builder(), last, { keep: false });
  await expect(run(farm.context({ stack: "dev-rehearsal" }))).rejects.toThrow("is the farm of a rehearsal");
  farm.set("PULUMI_CONFIG_PASSPHRASE", "");
  await expect(run()).rejects.toThrow("there is no passphrase");
  farm.set("PULUMI_CONFIG_PASSPHRASE", "correct horse");
  farm.configure("encryptionsalt: v1:salt\nconfig:\n  swarm-farm:backups: { secure: v1:abc }\n");
  await expect(run()).rejects.toThrow("'swarm-farm:backups' is encrypted as a whole");
  expect(farm.calls.filter((line) => line !== "pulumi version")).toEqual([]);
});
