import { acmeService, acmeWarning, warningOf } from "../../../../cli/convergence/acme";
import { FakeFarm, printing } from "../../../support/fake-farm";

const now = Date.parse("2026-12-01T00:00:00Z");
const status = (fields: object) => JSON.stringify({ at: "2026-11-30T12:00:00Z", ...fields });
const failing = {
  failing: "2026-11-28T10:00:00.5Z",
  error: "acme: error: 429 :: too many certificates",
  next: "2026-12-01T06:00:00+01:00",
};

test.each([
  ["a certificate that lasts", status({ ends: "2027-01-20T00:00:00Z" }), undefined],
  [
    "a renewal that fails",
    status({ ends: "2026-12-26T12:00:00Z", ...failing }),
    "the load balancer's certificate cannot be renewed since 2026-11-28 10:00 UTC: acme: error: 429 :: too many certificates; next attempt 2026-12-01 05:00 UTC; the one that is served ends on 2026-12-26 (in 25 days): docs/how-to/acme.md lists causes",
  ],
  [
    "one that ended",
    status({ ends: "2026-11-29T00:00:00Z", error: "no" }),
    "the load balancer's certificate cannot be renewed: no; the one that is served ended on 2026-11-29: docs/how-to/acme.md lists causes",
  ],
  [
    "none was ever obtained",
    status({ error: "unauthorized" }),
    "the load balancer's certificate cannot be obtained: unauthorized; the farm's own is served meanwhile: docs/how-to/acme.md lists causes",
  ],
  [
    "no attempt has ended",
    "",
    "the load balancer has no certificate of its ACME directory yet; ./farm doctor says how it goes",
  ],
])("%s", (_, text, warning) => {
  expect(warningOf(text, now)).toBe(warning);
});

test("the newest status counts, whichever task wrote it, and other lines do not", () => {
  const old = JSON.stringify({ at: "2026-11-30T10:00:00Z", error: "away" });
  const newer = JSON.stringify({ at: "2026-11-30T11:00:00.25Z", ends: "2027-02-01T00:00:00Z" });
  expect(warningOf([newer, old, "{", "null", '{"at":"yesterday"}'].join("\n"), now)).toBeUndefined();
  expect(warningOf([newer, status({ error: "again" }), old].join("\n"), now)).toContain(": again; ");
});

describe("asked on a manager", () => {
  let farm: FakeFarm;
  beforeEach(() => {
    farm = new FakeFarm();
    farm.state("ssh/config", "");
  });
  afterEach(() => {
    farm.remove();
  });

  test("the log of the service is read, in one connection", async () => {
    farm.programs({ ssh: printing(status({ error: "unauthorized" })) });
    expect(await acmeWarning(farm.context(), now)).toContain("unauthorized");
    expect(farm.calls).toHaveLength(1);
    expect(farm.calls.join()).toContain(acmeService);
  });
});
