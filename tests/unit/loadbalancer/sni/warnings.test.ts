import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateWarnings } from "../../../../stacks/loadbalancer/sni/warnings";
import { makeCertificate, makeKey } from "../../../support/certificates";

const shop = { name: "shop", hosts: ["shop.example.org", "*.shop.example.org"] };

function warnings(hosts: readonly (string | undefined)[], hostnames: readonly string[], certificates = [shop]) {
  const routes = hosts.map((host, at) => ({ name: `route${String(at)}`, host }));
  return certificateWarnings({ hostnames: [...hostnames] }, { routes, certificates });
}

test.each([
  ["the name itself", ["shop.example.org"], []],
  ["a name that the wildcard covers", ["a.shop.example.org"], []],
  ["the wildcard", ["*.shop.example.org"], []],
  ["a wildcard that covers the name", ["*.example.org"], ["*.example.org"]],
  ["a name without a route of its own", [undefined], ["shop.example.org"]],
])("a certificate is of use: %s", (_, hosts, hostnames) => {
  expect(warnings(hosts, hostnames)).toEqual([]);
});

test("a certificate for no host, and a host of no certificate, are named with what to do", () => {
  expect(warnings([undefined, "a.b.shop.example.org", "farm.localhost"], ["farm.localhost"])).toEqual([
    "route 'route1': no certificate is for its host 'a.b.shop.example.org', so that clients refuse it; add the name to 'loadbalancer.hostnames', or its certificate to 'loadbalancer.certificates'",
    "loadbalancer.certificates.shop: is for 'shop.example.org', '*.shop.example.org', and no route has such a host; add it to a route or to 'loadbalancer.hostnames', or remove the certificate",
  ]);
});

test("a certificate for one name of a wildcard does not cover the wildcard", () => {
  const one = [{ name: "one", hosts: ["a.example.org"] }];
  expect(warnings(["*.example.org"], [], one)).toEqual([expect.stringContaining("its host '*.example.org'")]);
});

test("with a certificate of one's own its names count, and hostnames do not", () => {
  const folder = mkdtempSync(join(tmpdir(), "own-"));
  const own = readFileSync(makeCertificate(folder, "own.crt", makeKey(folder, "own.key"), "a.org"), "utf8");
  rmSync(folder, { recursive: true });
  const routes = [{ name: "site", host: "a.org" }];
  expect(certificateWarnings({ hostnames: ["a.org"] }, { routes })).toEqual([]);
  expect(certificateWarnings({ hostnames: ["a.org"] }, { routes }, own)).toEqual([
    expect.stringContaining("add the name to that of 'loadbalancer.certificate', or its certificate"),
  ]);
});
