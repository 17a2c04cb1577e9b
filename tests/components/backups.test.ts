import { Backups } from "../../stacks/backups/backups";
import { Backups as Schema } from "../../stacks/backups/schema";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";
import { sshKeyPair } from "../support/sftp-server";
import { syntaxError } from "../support/sh";

const s3 = { endpoint: "https://s3.example.com", bucket: "backups", accessKey: "id", secretKey: "key" };
const dumps = [{ name: "mysql", service: "lamp-mysql", dump: "dump it's", load: "load" }];

async function deployed(config: Record<string, unknown>): Promise<Registered[]> {
  const all = await record(() => {
    const swarm = swarmOf(withNames("manager1", "worker1"));
    new Backups("backups", { swarm, image: "registry/backups", farm: "dev", config: Schema.parse(config), dumps });
  });
  return all.filter(({ name }) => name.includes("backups"));
}

const toFolder = { to: { folder: "/mnt/backups" }, volumes: ["uploads", "registry"] };
const common = [
  "backups > backups-seal: swarm-farm:keys:Seal",
  "backups-seal > backups-seal-pair: command:local:Command",
  "backups > backups-server: swarm-farm:service:SwarmService",
  "backups > manager1-backups: command:remote:Command",
  "backups > worker1-backups: command:remote:Command",
  "backups-server > backups-server-converged: command:local:Command",
  "backups-server > backups-server-service: docker:index/service:Service",
  "backups: swarm-farm:backups:Backups",
];

test("it is a timer on each node, a service, and a generated password", async () => {
  expect(listing(await deployed(toFolder))).toEqual(
    [
      ...common,
      "backups > backups-credential: swarm-farm:keys:Password",
      "backups > backups-repository-password: docker:index/secret:Secret",
      "backups-credential > backups-credential-generated: command:local:Command",
    ].sort(),
  );
});

test("nodes have the certificate for which they encrypt the swarm's state, and no node has the key", async () => {
  const resources = await deployed(toFolder);
  const pair = JSON.stringify(find(resources, "worker1-backups").inputs);
  expect(pair).toContain("SEAL=");
  expect(pair).toContain("public half of backups-seal-pair");
  expect(JSON.stringify(resources)).not.toContain("private half of backups-seal-pair");
  expect(find(resources, "backups-seal-pair").secretOutputs).toEqual(["stdout"]);
});

test("with S3 and a password of its own it generates none, and both are secrets with versions that reveal nothing", async () => {
  const resources = await deployed({ to: { s3 }, password: "right-horse-battery" });
  expect(listing(resources)).toEqual(
    [
      ...common,
      "backups > backups-repository-password: docker:index/secret:Secret",
      "backups > backups-s3-secret-key: docker:index/secret:Secret",
      "backups > backups-salt: command:local:Command",
    ].sort(),
  );
  expect(find(resources, "backups-server-service").inputs).toMatchObject({
    taskSpec: {
      containerSpec: { env: { REPOSITORIES: "s3:https://s3.example.com/backups/dev", AWS_ACCESS_KEY_ID: "id" } },
    },
  });
});

test("with SFTP the private key is a secret, and the client's settings with the pinned host key are files", async () => {
  const { privateKey, publicKey: hostKey } = sshKeyPair();
  const resources = await deployed({ to: { sftp: { host: "backup.example.com", user: "u", hostKey, privateKey } } });
  expect(listing(resources)).toEqual(
    [
      ...common,
      "backups > backups-credential: swarm-farm:keys:Password",
      "backups > backups-repository-password: docker:index/secret:Secret",
      "backups > backups-salt: command:local:Command",
      "backups > backups-sftp-etc-sftp-config: docker:index/serviceConfig:ServiceConfig",
      "backups > backups-sftp-etc-sftp-known_hosts: docker:index/serviceConfig:ServiceConfig",
      "backups > backups-sftp-private-key: docker:index/secret:Secret",
      "backups-credential > backups-credential-generated: command:local:Command",
    ].sort(),
  );
  const service = JSON.stringify(find(resources, "backups-server-service").inputs);
  expect(service).toContain('"REPOSITORIES":"sftp:target:dev"');
  expect(service).not.toContain("PRIVATE KEY");
  const { inputs } = find(resources, "backups-sftp-etc-sftp-known_hosts");
  expect(Buffer.from(String(inputs.data), "base64").toString()).toBe(`target ${hostKey}\n`);
});

test("every node's task reads all volumes, writes only to its target, and keeps one capability", async () => {
  const { inputs, dependsOn } = find(await deployed(toFolder), "backups-server-service");
  expect(inputs).toMatchObject({
    mode: { global: true },
    taskSpec: {
      containerSpec: {
        readOnly: true,
        capAdds: ["CAP_DAC_OVERRIDE"],
        capDrops: ["ALL"],
        hostname: "{{.Node.Hostname}}",
        mounts: [
          { type: "bind", source: "/var/lib/docker/volumes", target: "/volumes", readOnly: true },
          { type: "bind", source: "/var/lib/swarm-farm/backups/cache", target: "/cache" },
          { type: "bind", source: "/mnt/backups", target: "/backups" },
          { type: "tmpfs", target: "/tmp" },
        ],
      },
    },
  });
  expect(dependsOn).toEqual(expect.arrayContaining(["manager1-backups", "worker1-backups"]));
});

test("a node has its settings, and a timer that makes up for what it missed", async () => {
  const { inputs, deletedWith } = find(await deployed({ ...toFolder, keep: { monthly: 0 } }), "worker1-backups");
  const create = inputs.create as string;
  expect(deletedWith).toBe("worker1-domain");
  expect(syntaxError(create)).toBe("");
  expect(syntaxError(inputs.delete as string)).toBe("");
  expect(create).toContain("OnCalendar=*-*-* 02:30:00 UTC\nRandomizedDelaySec=15m\nPersistent=true\n");
  for (const text of [
    "NODE=",
    "VOLUMES=",
    "registry uploads",
    "--keep-last 1 --keep-daily 7 --keep-weekly 4",
    "LIMIT_HOURS=",
  ])
    expect(create).toContain(text);
  expect(create).not.toContain("--keep-monthly");
});

test("a farm that reads another one's repositories has no timer", async () => {
  const { inputs } = find(await deployed({ ...toFolder, readOnly: true }), "worker1-backups");
  const create = inputs.create as string;
  expect(syntaxError(create)).toBe("");
  expect(create).toContain("READ_ONLY=");
  expect(create).not.toContain("SEAL=");
  expect(create).not.toContain("OnCalendar");
});
