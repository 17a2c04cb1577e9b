import fc from "fast-check";
import { parseConfig } from "../../../stacks/config";
import { ConfigError } from "../../../infra/config/problem";
import { planFarm } from "../../../infra/net/plan";
import { plausibleConfig } from "../../support/arbitraries";
import { smallest, withNode, withStacks } from "../../support/configs";

test("keys that are left out have their defaults", () => {
  expect(parseConfig(smallest())).toEqual({
    hosts: { local: { uri: "qemu:///system", virtualization: "auto" } },
    network: { cidr: "10.77.0.0/24", allowPublic: false, egress: true },
    image: { kind: "farm" },
    cleanup: { unusedImagesAfterHours: 168 },
    nodes: {
      manager1: {
        role: "manager",
        vcpu: 1,
        memoryMiB: 1024,
        diskGiB: 8,
        storageDriver: "overlay2",
        labels: {},
        availability: "active",
      },
    },
    hello: {},
    rotate: { mysql: 1, login: 1, certificate: 1, oidc: 1, grafana: 1, registry: 1, authority: 1 },
  });
});

test("an empty stack has its defaults", () => {
  const { lamp, loadbalancer, visualizer } = parseConfig(withStacks({ visualizer: {} }));
  expect({ lamp, loadbalancer, visualizer }).toEqual({
    lamp: {
      contentDir: "stacks/lamp/content",
      encryptOverlay: false,
      nginx: { replicas: 2 },
      php: { replicas: 2 },
      mysql: {},
      sessions: { memoryMiB: 32 },
    },
    loadbalancer: {
      implementation: "nginx",
      mode: "http",
      httpPort: 80,
      httpsPort: 443,
      hostnames: ["farm.localhost"],
    },
    visualizer: {},
  });
});

test.each([
  "nginx:1.29",
  "registry.example/library/mysql:8.4-oracle",
  "registry.example.com:5000/shop/php:v1",
  `php@sha256:${"0".repeat(64)}`,
  `php:8.4-fpm@sha256:${"0".repeat(64)}`,
])("'%s' is an image", (image) => {
  expect(parseConfig(withStacks({ lamp: { php: { image } } })).lamp?.php.image).toBe(image);
});

test.each(["localhost", "shop.example.com", "a-b.c", "4.example", `${"a".repeat(63)}.example`])(
  "'%s' is a host name",
  (host) => {
    const routes = { lamp: { host, path: "/" } };
    expect(parseConfig(withStacks({ loadbalancer: { routes } })).loadbalancer?.routes?.lamp?.host).toBe(host);
  },
);

test.each([
  [true, "true"],
  [1, "1"],
  ["", ""],
  ["it's 100 % $HOME", "it's 100 % $HOME"],
])("the label value %p is taken as '%s'", (value, text) => {
  expect(parseConfig(withNode({ labels: { db: value } })).nodes.manager1?.labels).toEqual({ db: text });
});

test.each(["db", "com.example.disk", "a/b_c-d", "0"])("'%s' is a label's key", (key) => {
  expect(parseConfig(withNode({ labels: { [key]: "x" } })).nodes.manager1?.labels).toEqual({ [key]: "x" });
});

test.each([
  "qemu:///system",
  "qemu+ssh://root@kvm1.example/system",
  "qemu+ssh://root@kvm1:2222/system?keyfile=/root/key",
  "qemu+unix:///system?socket=/run/other.sock",
  "qemu+tls://kvm1/system",
])("'%s' is a libvirt", (uri) => {
  expect(parseConfig(smallest({ hosts: { local: { uri } } })).hosts.local?.uri).toBe(uri);
});

test.each(["/images/debian.qcow2", "https://example.org/debian.qcow2", "http://10.77.0.1/debian.qcow2"])(
  "'%s' is a cloud image's source",
  (source) => {
    const image = { kind: "cloud", source, sha256: "0".repeat(64) };
    expect(parseConfig(smallest({ image })).image).toEqual(image);
  },
);

test("property names of JavaScript's objects are valid names", () => {
  const nodes = { manager1: { role: "manager" }, constructor: { role: "worker", address: "10.77.0.99" } };
  const labelled = { ...nodes, valueof: { role: "worker", address: "10.77.0.98", labels: { constructor: "x" } } };
  const config = parseConfig({ nodes: labelled });
  expect(Object.keys(config.nodes).sort()).toEqual(["constructor", "manager1", "valueof"]);
  expect(planFarm(config, "dev").nodes).toHaveLength(3);
});

test("any input either plans or is refused with a path", () => {
  const near = fc.record(
    {
      nodes: fc.jsonValue(),
      hosts: fc.jsonValue(),
      network: fc.jsonValue(),
      image: fc.jsonValue(),
      hello: fc.jsonValue(),
      lamp: fc.jsonValue(),
      loadbalancer: fc.jsonValue(),
      rotate: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), near, plausibleConfig), (raw) => {
      try {
        expect(planFarm(parseConfig(raw), "dev").nodes).not.toHaveLength(0);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        const { problems } = error as ConfigError;
        expect(problems).not.toHaveLength(0);
        for (const { path, message } of problems) {
          expect(path).not.toBe("");
          // House style: lower case, no full stop at the end.
          expect(message).toMatch(/^['a-z].*[^.]$/s);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("an accepted configuration parses to itself", () => {
  fc.assert(
    fc.property(plausibleConfig, (raw) => {
      let config;
      try {
        config = parseConfig(raw);
      } catch {
        return;
      }
      expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
    }),
    { numRuns: 200 },
  );
});
