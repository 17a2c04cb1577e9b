import { certificateWarnings } from "../../../../cli/convergence/certificates";

const now = Date.parse("2026-11-27T12:00:00.000Z");

test.each([
  ["a certificate that lasts 30 days or longer", { registry: "2026-12-27T12:00:00.000Z" }, []],
  ["no certificate", {}, []],
  ["a name without a title", { other: "2020-01-01T00:00:00.000Z" }, []],
  [
    "one day too short",
    { loadbalancer: "2026-12-27T11:59:59.000Z" },
    [
      "the certificate of the load balancer expires on 2026-12-27 (in 29 days): set the next number in 'rotate: { certificate: … }', then ./farm up",
    ],
  ],
  [
    "expired",
    { registry: "2026-11-27T11:00:00.000Z" },
    [
      "the certificate of the registry expired on 2026-11-27: set the next number in 'rotate: { registry: … }', then ./farm up",
    ],
  ],
  [
    "one of one's own",
    { "loadbalancer-own": "2026-11-27T13:00:00.000Z" },
    [
      "the load balancer's own certificate expires on 2026-11-27 (in 0 days): renew the files of 'loadbalancer.certificate', then ./farm up",
    ],
  ],
])("%s", (_, certificates, warnings) => {
  expect(certificateWarnings(certificates, now)).toEqual(warnings);
});
