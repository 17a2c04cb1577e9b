import { withStacks, type RawConfig } from "../../support/configs";
import { refusal, type Mistake } from "../../support/refusal";

const unknownKey = "is no known key; see docs/configuration.md";
const lamp = (changes: RawConfig) => withStacks({ lamp: changes });
const balancer = (changes: RawConfig) => withStacks({ loadbalancer: changes });
const route = (changes: RawConfig) => balancer({ routes: { lamp: { path: "/", ...changes } } });

const imageMessage = "must be an image with a tag or digest, e.g. nginx:1.29";
const latestMessage = "must not be 'latest', which is another image every day; name a version";
const pathMessage = "must begin and end with / and have letters, digits, - and _ between, e.g. /shop/";
const hostMessage =
  "must be a lower-case host name, e.g. shop.example.com, or one with a wildcard as its first label, e.g. *.example.com";
const cidrMessage = "must be an IPv4 network such as 10.77.0.0/24, host bits zero";

test.each([
  ["nginx", imageMessage],
  ["", imageMessage],
  ["nginx:", imageMessage],
  ["nginx:1.29 --privileged", imageMessage],
  ["Nginx:1.29", imageMessage],
  ["registry.example.com:5000/nginx", imageMessage],
  ["nginx@sha256:abc", imageMessage],
  ["https://registry/nginx:1", imageMessage],
  ["registry//nginx:1", imageMessage],
  ["/nginx:1", imageMessage],
  ["nginx:1:2", imageMessage],
  ["nginx:latest", latestMessage],
  ["registry:5000/nginx:latest", latestMessage],
])("the image '%s' is refused", (image, message) => {
  const expected = (path: string) => [`${path}: is ${JSON.stringify(image)}; ${message}`];
  for (const part of ["nginx", "php", "mysql"])
    expect(refusal(lamp({ [part]: { image } }))).toEqual(expected(`lamp.${part}.image`));
  expect(refusal(balancer({ image }))).toEqual(expected("loadbalancer.image"));
});

test.each(["", "shop", "/shop", "shop/", "/shop//", "/a b/", "/../", "/a;b/", "/a{b/", '/"/', "/ä/", "/a/\n"])(
  "the path '%s' is refused",
  (path) => {
    expect(refusal(route({ path }))).toEqual([
      `loadbalancer.routes.lamp.path: is ${JSON.stringify(path)}; ${pathMessage}`,
    ]);
  },
);

const hosts = ["", "Shop.example.com", "a..b", "-a.b", "a-.b", "a_b", "a b", "a.b:443", "a;", ".", "a."];

const wrongHosts = [...hosts, "*", "*.", "*.*.example.com", "a.*.example.com", "*a.example.com"];

test.each(wrongHosts)("the host name '%s' is refused", (host) => {
  const problem = `is ${JSON.stringify(host)}; ${hostMessage}`;
  expect(refusal(balancer({ hostnames: ["a.b", host] }))).toEqual([`loadbalancer.hostnames.1: ${problem}`]);
});

test.each(wrongHosts)("the host '%s' of a route is refused", (host) => {
  expect(refusal(route({ host }))).toEqual([
    `loadbalancer.routes.lamp.host: is ${JSON.stringify(host)}; ${hostMessage}`,
  ]);
});

const mistakes: Mistake[] = [
  ["an unknown key of lamp", lamp({ apache: {} }), `lamp.apache: ${unknownKey}`],
  ["replicas of the database", lamp({ mysql: { replicas: 2 } }), `lamp.mysql.replicas: ${unknownKey}`],
  ["too many tasks", lamp({ php: { replicas: 1001 } }), "lamp.php.replicas: is 1001; must be at most 1000"],
  ["no content", lamp({ contentDir: "" }), 'lamp.contentDir: is ""; must not be empty'],
  [
    "encryption by another word",
    lamp({ encryptOverlay: "yes" }),
    'lamp.encryptOverlay: is "yes"; must be true or false',
  ],
  ["lamp by a word", withStacks({ lamp: true }), "lamp: is true; must be a map of keys"],
  [
    "another program",
    balancer({ implementation: "traefik" }),
    `loadbalancer.implementation: is "traefik"; must be one of 'nginx', 'haproxy'`,
  ],
  ["another mode", balancer({ mode: "tcp" }), `loadbalancer.mode: is "tcp"; must be one of 'http', 'fastcgi'`],
  ["a port of zero", balancer({ httpPort: 0 }), "loadbalancer.httpPort: is 0; must be a port from 1 to 65535"],
  [
    "a certificate without its key",
    balancer({ certificate: { cert: "a.pem" } }),
    "loadbalancer.certificate.key: is missing; must be a text",
  ],
  [
    "a route to nowhere",
    balancer({ routes: { shop: { path: "/" } } }),
    "loadbalancer.routes.shop: has no target: no stack publishes 'shop'; routes: 'hello', 'lamp', 'admin', 'visualizer', 'logs', 'monitoring'",
  ],
  [
    "a route without a path",
    balancer({ routes: { lamp: {} } }),
    "loadbalancer.routes.lamp.path: is missing; must be a text",
  ],
  [
    "one who is allowed, not in a list",
    route({ allow: "10.0.0.0/8" }),
    'loadbalancer.routes.lamp.allow: is "10.0.0.0/8"; must be a list',
  ],
  ["nobody allowed", route({ allow: [] }), "loadbalancer.routes.lamp.allow: is []; must not be empty"],
  [
    "an address for a network",
    route({ allow: ["10.0.0.0/8", "10.77.0.1"] }),
    `loadbalancer.routes.lamp.allow.1: is "10.77.0.1"; ${cidrMessage}`,
  ],
  [
    "no request at all",
    route({ rateLimit: { requestsPerSecond: 0 } }),
    "loadbalancer.routes.lamp.rateLimit.requestsPerSecond: is 0; must be at least 1",
  ],
  [
    "less than no burst",
    route({ rateLimit: { requestsPerSecond: 1, burst: -1 } }),
    "loadbalancer.routes.lamp.rateLimit.burst: is -1; must be at least 0",
  ],
  [
    "a time zone of another planet",
    withStacks({ jobs: { timeZone: "Mars/Olympus" } }),
    `jobs.timeZone: is "Mars/Olympus"; must be a time zone, e.g. 'Europe/Berlin'`,
  ],
  ["rotation zero", withStacks({ rotate: { mysql: 0 } }), "rotate.mysql: is 0; must be at least 1"],
  ["registry rotation zero", withStacks({ rotate: { registry: 0 } }), "rotate.registry: is 0; must be at least 1"],
  ["half a rotation", withStacks({ rotate: { login: 1.5 } }), "rotate.login: is 1.5; must be a whole number"],
  [
    "a rotation by a word",
    withStacks({ rotate: { certificate: "now" } }),
    `rotate.certificate: is "now"; must be a number`,
  ],
  ["a rotation of nothing", withStacks({ rotate: { ssh: 2 } }), `rotate.ssh: ${unknownKey}`],
];

test.each(mistakes)("%s is refused", (_, raw, problem) => {
  expect(refusal(raw)).toEqual([problem]);
});
