import { setTimeout as sleep } from "node:timers/promises";
import { Namespaces } from "../support/namespaces";
import { keepalived } from "../support/nginx";
import { Ring } from "../support/ring";

jest.setTimeout(120_000);

const usable = keepalived !== undefined && Namespaces.areUsable("ip", "nsenter", "unshare", "setpriv", "busybox");

/** VRRP's interval in these tests, in seconds: that of a farm under KVM. */
const interval = 1;

/** Three nodes on one bridge, as processes: no VM. What a busy machine adds is in the bounds. */
(usable ? describe : describe.skip)("three nodes with one address", () => {
  let ring: Ring;

  beforeAll(async () => {
    ring = new Ring(keepalived ?? "", interval);
    for (const number of [1, 2, 3]) ring.add(`node${String(number)}`, `10.99.0.1${String(number)}`);
    await ring.holder();
  });

  afterAll(() => {
    ring.remove();
  });

  /** An event on the node that has the address; another has it within the seconds, never two for longer than the interval. */
  async function another(what: string, within: number, happens: (holder: string) => void): Promise<string> {
    const before = await ring.holder();
    // An address that a node has just taken has no end yet.
    await sleep(500);
    const since = Date.now();
    happens(before);
    const seconds = await ring.secondsUntilAnother(since, before);
    await ring.holder(before);
    process.stdout.write(
      `${what}: another node has it after ${seconds.toFixed(1)} s; two had it for ${ring.overlapSeconds.toFixed(2)} s at most\n`,
    );
    expect(seconds).toBeLessThan(within);
    expect(ring.overlapSeconds).toBeLessThan(interval);
    return before;
  }

  test("SIGTERM, as Swarm stops a task: it hands over at once", async () => {
    const ended = await another("SIGTERM", 1.5, (holder) => {
      ring.signalKeepalived(holder, "SIGTERM");
    });
    ring.startKeepalived(ended);
  });

  test("SIGKILL: the kernel removes the address before another node takes it; what returns takes nothing", async () => {
    const killed = await another("SIGKILL", 5, (holder) => {
      ring.signalKeepalived(holder, "SIGKILL");
    });
    const now = await ring.holder();
    ring.startKeepalived(killed);
    await sleep(5000);
    expect(ring.holders()).toEqual([now]);
  });

  test("SIGKILL, and started again at once: the address that is left is removed, and one node has it", async () => {
    const holder = await ring.holder();
    ring.signalKeepalived(holder, "SIGKILL");
    ring.startKeepalived(holder);
    await sleep(6000);
    expect(ring.holders()).toHaveLength(1);
    expect(ring.overlapSeconds).toBeLessThan(interval);
  });

  // keepalived 2.2 of Debian 12 takes it back, 2.3 of the image does not.
  test("SIGSTOP: it loses the address while it is stopped, and when it goes on, one node has it", async () => {
    const stopped = await another("SIGSTOP", 5, (holder) => {
      ring.signalKeepalived(holder, "SIGSTOP");
    });
    ring.signalKeepalived(stopped, "SIGCONT");
    await sleep(5000);
    expect(ring.holders()).toHaveLength(1);
    expect(ring.overlapSeconds).toBeLessThan(interval);
  });

  test("the balancer of the node ends", async () => {
    const alone = await another("no balancer", 5, (holder) => {
      ring.signalBalancer(holder, "SIGKILL");
    });
    ring.startBalancer(alone);
  });

  test("the balancer of the node takes connections, and does not answer", async () => {
    const hanging = await another("a balancer that hangs", 7, (holder) => {
      ring.signalBalancer(holder, "SIGSTOP");
    });
    ring.signalBalancer(hanging, "SIGCONT");
  });

  test("the address is removed by hand: a node has it again", async () => {
    await sleep(4000);
    ring.removeAddress(await ring.holder());
    expect(ring.holders()).toEqual([]);
    await sleep(5000);
    expect(ring.holders()).toHaveLength(1);
    expect(ring.overlapSeconds).toBeLessThan(interval);
  });

  test("a node more, and all others without a balancer: it takes the address; none without a balancer ever has it", async () => {
    const before = ring.changes.length;
    ring.add("node4", "10.99.0.14");
    await sleep(5000);
    expect(ring.changes.slice(before).filter(({ node }) => node === "node4")).toEqual([]);
    for (const name of ["node1", "node2", "node3"]) ring.signalBalancer(name, "SIGKILL");
    await sleep(5000);
    expect(await ring.holder()).toBe("node4");
    ring.signalBalancer("node4", "SIGKILL");
    await sleep(5000);
    expect(ring.holders()).toEqual([]);
  });
});
