import { certificateProblems } from "../../../../stacks/loadbalancer/acme/rules";
import { defaultDirectory, dnsProviders } from "../../../../stacks/loadbalancer/acme/schema";
import { LoadBalancer } from "../../../../stacks/loadbalancer/schema";
import { repository } from "../../../support/program";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const acme = { email: "me@example.com", agreeToTerms: true };
const own = { ...acme, directory: "https://ca.farm.internal/directory" };
const byDns = { ...acme, dns: { provider: "cloudflare", settings: { CLOUDFLARE_DNS_API_TOKEN: "secret" } } };

function problems(certificate: object, more: object = {}): string[] {
  const config = LoadBalancer.parse({ hostnames: ["shop.example.com"], certificate, ...more });
  return certificateProblems(config).map(({ path, message }) => `${path} ${message}`);
}

test.each([
  ["a public name", { acme }, {}],
  ["a name that only a CA of one's own knows", { acme: own }, { hostnames: ["shop.farm.internal", "shop"] }],
  ["credentials of a DNS provider", { acme: byDns }, {}],
  ["files", { cert: "a", key: "b" }, { hostnames: ["farm.localhost"], image: "nginx:1.29" }],
])("is right: %s", (_, certificate, more) => {
  expect(problems(certificate, more)).toEqual([]);
});

test("nothing is asked for, and the directory is that of certificates that browsers trust", () => {
  expect(certificateProblems(LoadBalancer.parse({}))).toEqual([]);
  expect(LoadBalancer.parse({ certificate: { acme } }).certificate?.acme?.directory).toBe(defaultDirectory);
});

test.each([
  [{}, {}, "loadbalancer.certificate has no certificate; set 'cert' and 'key', or 'acme', or remove it"],
  [{ cert: "a" }, {}, "loadbalancer.certificate.key is missing; must be a text"],
  [{ key: "a" }, {}, "loadbalancer.certificate.cert is missing; must be a text"],
  [
    { acme, cert: "a" },
    {},
    "loadbalancer.certificate.cert cannot be used with 'acme': the certificate has one source; remove one of them",
  ],
  [
    { acme },
    { image: "nginx:1.29" },
    "loadbalancer.image cannot be used with 'loadbalancer.certificate.acme', whose image fetches the certificate; remove one of them",
  ],
  [{ acme }, { hostnames: [] }, "loadbalancer.hostnames is empty; list the names that the certificate is for"],
  [
    { acme },
    { hostnames: Array.from({ length: 101 }, (_, index) => `a${String(index)}.example.com`) },
    "loadbalancer.hostnames has 101 names; a certificate has at most 100",
  ],
  ...["farm.localhost", "shop.local", "shop.internal", "shop", "a.test"].map((name): [object, object, string] => [
    { acme },
    { hostnames: [name] },
    `loadbalancer.hostnames '${name}' cannot be proved to ${defaultDirectory}; list names that it can look up, or remove 'loadbalancer.certificate.acme'`,
  ]),
  [
    { acme: own },
    { hostnames: ["localhost"] },
    "loadbalancer.hostnames 'localhost' cannot be proved to https://ca.farm.internal/directory; list names that it can look up, or remove 'loadbalancer.certificate.acme'",
  ],
])("is refused: %j with %j", (certificate, more, message) => {
  expect(problems(certificate, more)).toEqual([message]);
});

test("a wildcard is proved by DNS-01 alone", () => {
  const config = (certificate: object) => ({
    ...LoadBalancer.parse({ certificate }),
    hostnames: ["*.example.com", "example.com"],
  });
  expect(certificateProblems(config({ acme: byDns }))).toEqual([]);
  expect(certificateProblems(config({ acme }))).toEqual([
    {
      path: "loadbalancer.hostnames",
      message:
        "'*.example.com' cannot be proved by HTTP-01; set 'loadbalancer.certificate.acme.dns', or list each name",
    },
  ]);
});

test.each([
  [{ ...acme, agreeToTerms: false }, "agreeToTerms"],
  [{ email: "me@example.com" }, "agreeToTerms"],
  [{ ...acme, email: "me" }, "email"],
  [{ ...acme, directory: "http://ca.example/directory" }, "directory"],
  [{ ...acme, dns: { provider: "nobody", settings: {} } }, "provider"],
  [{ ...acme, dns: { provider: "cloudflare", settings: { PATH: "/tmp" } } }, "PATH"],
])("does not parse: %j", (value, at) => {
  const { success, error } = LoadBalancer.safeParse({ certificate: { acme: value } });
  expect(success).toBe(false);
  expect(error?.issues.map(({ path }) => path.at(-1))).toEqual([at]);
});

test("the providers are those that the client's program has", () => {
  const source = readFileSync(join(repository, "apps/acme/internal/dns/providers.go"), "utf8");
  expect([...source.matchAll(/^\t"([a-z0-9-]+)": +of\(/gm)].map(([, name]) => name)).toEqual([...dnsProviders]);
});
