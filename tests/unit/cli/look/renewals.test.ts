import { certificateWarnings } from "../../../../cli/convergence/certificates";
import { parseState } from "../../../../cli/doctor/state";
import { renewals } from "../../../../cli/look/renewals";

const day = 86_400_000;
const created = "2026-01-01T00:00:00.123456789Z";
const at = Date.parse(created);

const certificate = "urn:pulumi:dev::swarm-farm::command:local:Command::registry-certificate";
const state = parseState(
  JSON.stringify({
    deployment: {
      resources: [
        {
          urn: certificate,
          type: "command:local:Command",
          inputs: { environment: { NAMES: "DNS:registry.internal", COMMON: "registry.internal" } },
          created,
        },
        {
          urn: "urn::authority-self",
          type: "command:local:Command",
          inputs: { environment: { FARM: "dev" } },
          created,
        },
        { urn: "urn::of-a-state-without-times", type: "command:local:Command", inputs: {} },
      ],
    },
  }),
);

test.each([
  [0, []],
  [794, []],
  [796, [certificate]],
  [5 * 365, [certificate]],
])("renews certificates that are %d days old: %j", (days, urns) => {
  expect(renewals(state, at + days * day)).toEqual(urns);
});

test("doctor reports the expiry dates in the state", () => {
  const expiries = { registry: "2027-01-01T00:00:00.000Z", "loadbalancer-own": "2030-01-01T00:00:00.000Z" };
  const stack = { urn: "urn:pulumi:dev::swarm-farm::pulumi:pulumi:Stack::dev", type: "pulumi:pulumi:Stack" };
  const resources = [{ ...stack, outputs: { certificates: expiries } }];
  const known = parseState(JSON.stringify({ deployment: { resources } }));
  expect(certificateWarnings(known.expiries ?? {}, Date.parse("2026-12-12"))).toEqual([
    "the certificate of the registry expires on 2027-01-01 (in 20 days): set the next number in 'rotate: { registry: … }', then ./farm up",
  ]);
  expect(parseState(JSON.stringify({ deployment: { resources: [stack] } })).expiries).toEqual({});
  const further = { "loadbalancer-certificate-shop": "2027-01-01T00:00:00Z" };
  expect(certificateWarnings(further, Date.parse("2026-12-12"))).toEqual([
    "the load balancer's certificate 'shop' expires on 2027-01-01 (in 20 days): replace the files that loadbalancer.certificates.shop names, then ./farm up",
  ]);
});
