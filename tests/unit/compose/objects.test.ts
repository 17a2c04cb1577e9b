import type { ComposeApplication } from "../../../compose/model/application";
import { read } from "../../support/compose/compare";
import { file, type Refusals, refusedOf } from "../../support/compose/refused";
import { inFolder } from "../../support/compose/stack-deploy";

const uses = "services:\n  web: {image: a, networks: [one], volumes: ['vol:/v'], configs: [conf], secrets: [sec]}\n";

/** A file whose service uses one of each; each is `external` where a test says nothing else. */
const withObjects = (more: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) => {
  const all = { networks: "one", volumes: "vol", configs: "conf", secrets: "sec" };
  const lines = Object.entries(all).map(([kind, key]) => `${kind}: {${key}: {${more[kind] ?? "external: true"}}}\n`);
  return file(uses + lines.join(""), files);
};

async function applicationOf(one: ReturnType<typeof file>): Promise<ComposeApplication | undefined> {
  const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  return application;
}

const namespace = { "com.docker.stack.namespace": "shop" };

test.each([
  ["", { kind: "own", name: "shop_one", driver: "overlay", internal: false, attachable: false, labels: namespace }],
  ["name: mine", { kind: "own", name: "mine" }],
  ["internal: true, attachable: true", { internal: true, attachable: true }],
  ["driver: macvlan, driver_opts: {mtu: 1400}", { driver: "macvlan", driverOpts: { mtu: "1400" } }],
  ["labels: [a=b]", { labels: { a: "b", ...namespace } }],
  ["driver: bridge", { driver: "overlay" }],
  [
    "ipam: {driver: default, config: [{subnet: 10.1.0.0/16}]}",
    { ipam: { driver: "default", subnets: ["10.1.0.0/16"] } },
  ],
  ["external: true", { kind: "external", name: "one" }],
  ["external: true, name: real", { kind: "external", name: "real" }],
  ["external: {name: old}", { kind: "external", name: "old" }],
])("a network with '%s'", async (lines, becomes) => {
  const application = await applicationOf(withObjects({ networks: lines }));
  expect(application?.networks).toEqual([expect.objectContaining({ key: "one", ...becomes })]);
  expect(application?.services[0]?.networks[0]).toMatchObject({ network: "one", aliases: ["web"] });
});

test.each([
  ["", { kind: "own", name: "shop_vol" }, { source: "shop_vol", labels: namespace }],
  ["name: real", { kind: "own", name: "real" }, { source: "real" }],
  ["external: true", { kind: "external", name: "vol" }, { source: "vol", labels: {} }],
  [
    "driver: sshfs, driver_opts: {cmd: x, n: 3}",
    { kind: "own" },
    { driver: { name: "sshfs", options: { cmd: "x", n: "3" } } },
  ],
  ["driver_opts: {type: nfs}", { kind: "own" }, { driver: { options: { type: "nfs" } } }],
])("a volume with '%s'", async (lines, becomes, mount) => {
  const application = await applicationOf(withObjects({ volumes: lines }));
  expect(application?.volumes).toEqual([expect.objectContaining({ key: "vol", ...becomes })]);
  expect(application?.services[0]?.mounts).toEqual([expect.objectContaining({ volume: "vol", ...mount })]);
});

test.each([
  ["content: hello", { from: "text", text: "hello" }],
  ["file: a.txt", { from: "file", file: "a.txt", base64: "YQ==" }],
  ["file: ./b/../a.txt", { from: "file", file: "./b/../a.txt", base64: "YQ==" }],
])("a config and a secret with '%s'", async (lines, content) => {
  const one = withObjects({ configs: lines, secrets: lines }, { "a.txt": "a", "b/c": "c" });
  const application = await applicationOf(one);
  expect(application?.configs).toEqual([
    expect.objectContaining({ kind: "own", name: "shop_conf", labels: namespace, content }),
  ]);
  expect(application?.secrets).toEqual([expect.objectContaining({ kind: "own", name: "shop_sec", content })]);
  expect(application?.services[0]).toMatchObject({
    configs: [{ name: "shop_conf", target: "conf", uid: "0", gid: "0", mode: 0o444 }],
    secrets: [{ name: "shop_sec", target: "sec", uid: "0", gid: "0", mode: 0o444 }],
  });
});

const sources = "write one of 'file', 'content', 'environment' and 'external'";
const refusals: Refusals = {
  "a config without content": [
    withObjects({ configs: "" }),
    `compose.yaml:5: configs.conf: it has no content; ${sources}`,
  ],
  "a secret with two contents": [
    withObjects({ secrets: "file: a.txt, content: b" }, { "a.txt": "a" }),
    `compose.yaml:6: secrets.sec: 'file' and 'content' stand together; ${sources}`,
  ],
  "a secret of a variable that is not set": [
    withObjects({ secrets: "environment: TOKEN" }),
    "compose.yaml:6: secrets.sec.environment: the variable 'TOKEN' is not set; set 'TOKEN' under 'variables' of the stack in the configuration",
  ],
  "a config of a folder": [
    withObjects({ configs: "file: d" }, { "d/x": "x" }),
    "compose.yaml:5: configs.conf.file: 'd' is a folder; name a file in the compose file's folder",
  ],
  "a config of a file elsewhere": [
    withObjects({ configs: "file: /etc/passwd" }),
    "compose.yaml:5: configs.conf.file: '/etc/passwd' is an absolute path of this machine; name a file in the compose file's folder",
  ],
  "a volume that is external and has a driver": [
    withObjects({ volumes: "external: true, driver: local" }),
    "compose.yaml:4: volumes.vol.driver: 'external' and 'driver' stand together; remove one of the two",
  ],
  "a network with a switch that is none": [
    withObjects({ networks: "internal: 1" }),
    "compose.yaml:3: networks.one.internal: true or false is expected, and this is the number '1'; write true or false",
  ],
  "a name that Swarm does not take": [
    withObjects({ networks: "name: -x-" }),
    "compose.yaml:3: networks.one: Swarm takes no name '-x-'; use letters, digits, '-', '_' and '.'",
  ],
  "a network, a config and a secret that the file does not define": [
    file("services:\n  web: {image: a, networks: [x], configs: [y], secrets: [z]}\n"),
    "compose.yaml:2: services.web.configs[0]: the config 'y' is not under 'configs' of the file; add 'y' there",
    "compose.yaml:2: services.web.networks[0]: the network 'x' is not under 'networks' of the file; add 'x:' there",
    "compose.yaml:2: services.web.secrets[0]: the secret 'z' is not under 'secrets' of the file; add 'z' there",
  ],
};

test.each(Object.entries(refusals))(
  "%s is refused with file, line and what to do",
  async (_name, [one, ...messages]) => {
    expect([...(await refusedOf(one))].sort()).toEqual(messages);
  },
);

test("an unused network is not created, and the default network is created for a service without networks", async () => {
  const networks = async (text: string) => (await applicationOf(file(text)))?.networks.map(({ name }) => name);
  expect(await networks("services: {web: {image: a}}\nnetworks: {unused: }\n")).toEqual(["shop_default"]);
  expect(await networks("services: {web: {image: a, networks: [b, a]}}\nnetworks: {a: , b: }\n")).toEqual([
    "shop_a",
    "shop_b",
  ]);
});

test("what is written beside 'external' has no effect, as with docker, and is reported", async () => {
  const one = withObjects({
    networks: "external: true, driver: overlay, attachable: true",
    configs: "external: true, file: a.txt",
  });
  const { findings } = await inFolder(one.files, (folder) => read(folder, one));
  const idle = findings.filter(({ reason }) => reason === "it has no effect beside 'external', as with docker");
  expect(idle.map(({ path, outcome }) => [path, outcome])).toEqual([
    ["networks.one.driver", "honoured"],
    ["networks.one.attachable", "honoured"],
    ["configs.conf.file", "honoured"],
  ]);
});

test.each([
  ["'0440'", 0o440],
  ["'440'", 0o440],
  ["0440", 0o440],
])("the mode %s is octal: docker takes none in quotes", async (mode, bits) => {
  const one = file(`services: {web: {image: a, configs: [{source: c, mode: ${mode}}]}}\nconfigs: {c: {content: x}}\n`);
  expect((await applicationOf(one))?.services[0]?.configs[0]?.mode).toBe(bits);
});

test.each([
  [
    "driver: none",
    "networks.one.driver: Docker makes no second network of the driver 'none'; write 'external: true' and 'name: host'",
  ],
  [
    "ipam: {config: [{subnet: 10.1.0.0}]}",
    "networks.one.ipam.config[0].subnet: '10.1.0.0' is no subnet; write one such as '10.28.0.0/16'",
  ],
  [
    "ipam: {config: [{subnet: 10.1.0.0/33}]}",
    "networks.one.ipam.config[0].subnet: '10.1.0.0/33' is no subnet; write one such as '10.28.0.0/16'",
  ],
])("a network with '%s' is refused, which a manager would do later", async (lines, message) => {
  expect(await refusedOf(withObjects({ networks: lines }))).toEqual([`compose.yaml:3: ${message}`]);
});
