import { hasSecrets, rehearsalKeys, unreadable, type Keys, type Part } from "../../../../cli/rehearsal/configuration";
import { repositoriesOf } from "../../../../stacks/backups/repositories";
import type { BackupsConfig } from "../../../../stacks/backups/schema";
import { parseConfig } from "../../../../stacks/config";

const secure = { secure: "v1:abc" };
const part: Part = { farm: "shop", stacks: "all", needed: [], everyNode: false, egress: false, backups: true };

const keys: Keys = {
  hosts: { cellar: { uri: "qemu+ssh://root@cellar/system", virtualization: "qemu", address: "192.0.2.7" } },
  network: { cidr: "10.77.0.0/24", egress: true },
  nodes: {
    manager1: { role: "manager", host: "cellar" },
    worker1: { role: "worker" },
    worker2: { role: "worker" },
    worker3: { role: "worker", labels: { db: "true" } },
  },
  lamp: {},
  hello: {},
  visualizer: {},
  monitoring: { node: "worker2", alerts: { receivers: { ops: { webhook: { url: "http://ops.example" } } } } },
  loadbalancer: {
    vip: "10.77.0.250",
    hostnames: ["shop.example"],
    certificate: { acme: { email: "a@example.com", agreeToTerms: true } },
    hsts: {},
    oidc: { issuer: "https://login.example", clientId: "farm", clientSecret: secure },
    routes: { hello: { path: "/hello/", login: "oidc" }, visualizer: { path: "/visualizer/", login: true } },
  },
  backups: {
    to: { s3: { endpoint: "https://s3.example", bucket: "farm", accessKey: "id", secretKey: secure } },
    schedule: "hourly",
    volumes: ["uploads"],
  },
};

/** The repositories of the farm, under its own name. */
const presentTarget = { s3: { ...((keys.backups as Keys).to as { s3: Keys }).s3, prefix: "shop" } };

test.each([
  [{ s3: { endpoint: "https://s3.example", bucket: "farm", accessKey: "id", secretKey: "key" } }],
  [{ s3: { endpoint: "https://s3.example", bucket: "farm", accessKey: "id", secretKey: "key", prefix: "all/shop" } }],
  [{ sftp: { host: "nas", user: "farm", hostKey: "ssh-ed25519 AAAA", privateKey: "key" } }],
  [{ sftp: { host: "nas", user: "farm", hostKey: "ssh-ed25519 AAAA", privateKey: "key", path: "/pool" } }],
  [{ folder: "/mnt/backups" }],
])("the repositories are those of the farm: %p", (to) => {
  const { backups } = rehearsalKeys({ ...keys, backups: { to } }, part);
  const target = (backups as Keys).to as BackupsConfig["to"];
  expect(repositoriesOf(target, "shop-rehearsal")).toBe(repositoriesOf(to as BackupsConfig["to"], "shop"));
});

test("the rehearsal's farm acts nowhere outside, makes no backups, and fits on few nodes of this machine", () => {
  const derived = rehearsalKeys(keys, part);
  expect(derived).toEqual({
    hosts: { local: { uri: "qemu:///system", virtualization: "qemu" } },
    network: { cidr: "10.77.0.0/24", egress: false },
    nodes: { manager1: { role: "manager" }, worker2: { role: "worker", labels: { db: "true" } } },
    lamp: {},
    hello: {},
    visualizer: {},
    monitoring: { node: "worker2" },
    loadbalancer: {
      hostnames: ["shop.example"],
      routes: { hello: { path: "/hello/", login: true }, visualizer: { path: "/visualizer/", login: true } },
    },
    backups: { ...(keys.backups as Keys), to: presentTarget, readOnly: true },
  });
  const { to, ...backups } = derived.backups as Keys;
  const readable = { ...(to as { s3: Keys }).s3, secretKey: "key" };
  expect(() => parseConfig({ ...derived, backups: { ...backups, to: { s3: readable } } })).not.toThrow();
});

test("at first there are only nodes, and what reads the backups", () => {
  const derived = rehearsalKeys(keys, { ...part, stacks: "data", egress: true, needed: ["worker1"], password: secure });
  expect(Object.keys(derived).sort()).toEqual(["backups", "hosts", "network", "nodes"]);
  expect(derived.network).toEqual({ cidr: "10.77.0.0/24", egress: true });
  expect(derived.backups).toEqual({ to: presentTarget, password: secure, readOnly: true });
  // The same nodes as later, when the monitoring names one.
  expect(Object.keys(derived.nodes as Keys)).toEqual(["manager1", "worker1", "worker2"]);
});

test("without scheduled backups there is no such stack", () => {
  expect(rehearsalKeys(keys, { ...part, backups: false })).not.toHaveProperty("backups");
});

test("every node is there where fewer have no place for all", () => {
  const derived = rehearsalKeys(keys, { ...part, everyNode: true });
  expect(derived.nodes).toEqual({ ...(keys.nodes as Keys), manager1: { role: "manager" } });
});

test("a farm without what it leaves out is only read", () => {
  const plain = { nodes: { manager1: { role: "manager" } }, hello: {} };
  expect(rehearsalKeys(plain, { ...part, backups: false })).toEqual({
    ...plain,
    hosts: { local: { uri: "qemu:///system" } },
    network: { egress: false },
  });
});

test("a key that is encrypted as a whole cannot be changed; a value in it can stay", () => {
  expect(unreadable(keys)).toBeUndefined();
  expect(unreadable({ ...keys, loadbalancer: secure })).toBe("loadbalancer");
  expect(unreadable({ ...keys, hello: secure })).toBeUndefined();
  expect([keys, secure, { a: [secure] }].map(hasSecrets)).toEqual([true, true, true]);
  expect([{}, { secure: 1 }, { a: { secure: "x", b: 1 } }, null].map(hasSecrets)).toEqual([false, false, false, false]);
});
