import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { foldersOf } from "../../../../infra/config/folders";
import { CertificatesExpired, expired, parseCertificates, unlessExpired } from "../../../../cli/doctor/certificates";
import { validityFindings } from "../../../../cli/doctor/validity";

const day = 24 * 3600;
const began = Math.floor(Date.now() / 1000);

function certificate(days: number): string {
  const args = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    "/dev/null",
  ];
  return spawnSync("openssl", [...args, "-subj", "/CN=node", "-days", String(days)], { encoding: "utf8" }).stdout;
}

const ninetyDays = certificate(90);
const tenYears = certificate(3650);
const twentyYears = certificate(7300);

/** Answer of a node some days after its certificate was issued. */
function answer(days: number, own = ninetyDays, clock = ""): string {
  // As Docker has it: the certificates that sign a node's own follow it.
  return `now=${String(began + days * day)}\n${own}${twentyYears}authority\n${twentyYears}${clock}`;
}

const certificatesAfter = (days: number, own?: string) => parseCertificates("worker1", answer(days, own));
const whats = (...nodes: readonly ReturnType<typeof certificatesAfter>[]) =>
  validityFindings(nodes, new Set(["manager1"])).map(({ what, byHand }) => [what, byHand]);

test.each<[days: number, own: string, gone: boolean]>([
  [0, ninetyDays, false],
  [89, ninetyDays, false],
  [91, ninetyDays, true],
  [91, tenYears, false],
  [5 * 365, tenYears, false],
  [11 * 365, tenYears, true],
])("after %i days by the node's own clock", (days, own, gone) => {
  expect(expired([certificatesAfter(days, own)]).map(({ node }) => node)).toEqual(gone ? ["worker1"] : []);
});

test("a node that is in no swarm has no certificate to check", () => {
  const nothing = parseCertificates("worker1", `now=${String(began)}\n`);
  expect([nothing.own, nothing.authority, nothing.clock]).toEqual([undefined, undefined, undefined]);
  expect(whats(nothing)).toEqual([]);
});

test("warns of a certificate only once Swarm should have renewed it", () => {
  expect(whats(certificatesAfter(70))).toEqual([]);
  expect(whats(certificatesAfter(3650 - 31, tenYears))).toEqual([]);
  expect(whats(certificatesAfter(80))).toEqual([
    [
      expect.stringMatching(/^worker1: its certificate of the swarm ends on \d{4}-\d\d-\d\d and was not renewed$/),
      "./farm ssh worker1 systemctl restart docker renews it",
    ],
  ]);
  expect(whats(certificatesAfter(3650 - 29, tenYears))).toHaveLength(1);
});

test("for an expired certificate of a manager the way out is recover, for one of a worker up --refresh", () => {
  const [finding] = whats(certificatesAfter(91));
  expect(finding).toEqual([expect.stringContaining("worker1: its certificate of the swarm has expired ("), undefined]);
  expect(whats({ ...certificatesAfter(91), node: "manager1" })[0]?.[1]).toBe("./farm recover");
});

test("warns of the swarm's CA once, not for each node", () => {
  const late = certificatesAfter(7300 - 20, certificate(9000));
  expect(whats(late, { ...late, node: "worker2" })).toEqual([
    [expect.stringMatching(/^the swarm's CA ends on /), "./farm docker swarm ca --rotate"],
  ]);
});

test.each([
  ["clock=34 \n", "worker1: its clock differs from its host's by 34 s"],
  ["clock=0 chronyd does not run \n", "worker1: its clock cannot be trusted: 0 chronyd does not run"],
])("reports a wrong clock: %s", (clock, what) => {
  expect(whats(parseCertificates("worker1", answer(1, ninetyDays, clock))).map(([warning]) => warning)).toEqual([what]);
});

describe("a query of the swarm", () => {
  const nodes = [
    { name: "manager1", role: "manager" },
    { name: "worker1", role: "worker" },
  ];
  const farm = { stack: "dev", folders: foldersOf("dev", { HOME: "/nowhere" }) };
  const after = (days: number) => async (_: unknown, names: readonly string[]) =>
    Promise.resolve(names.map((name) => parseCertificates(name, answer(days))));

  test("ends as soon as expired certificates are found", async () => {
    let ended = false;
    const silent = async (signal: AbortSignal) => {
      signal.addEventListener("abort", () => {
        ended = true;
      });
      await sleep(60_000, undefined, { signal });
    };
    const warning = unlessExpired(farm, nodes, silent, after(91), 10);
    await expect(warning).rejects.toThrow(
      /^the swarm's certificates of manager1, worker1 have expired \(\d{4}-\d\d-\d\d\): \.\/farm recover$/,
    );
    await expect(warning).rejects.toThrow(CertificatesExpired);
    expect(ended).toBe(true);
  });

  test("returns the answer of the swarm, whatever the certificates", async () => {
    await expect(unlessExpired(farm, nodes, async () => Promise.resolve("led"), after(91), 10)).resolves.toBe("led");
  });

  test("continues if the swarm is silent for another reason", async () => {
    const slow = async () => sleep(60, "led");
    await expect(unlessExpired(farm, nodes, slow, after(1), 10)).resolves.toBe("led");
  });
});
