import { behindDoor } from "../../support/door";
import { download, mib, needsOf, startBulk, upload } from "../../support/large-bodies";
import { kinds } from "../../support/requests";

// A machine with other work needs ten times as long as a quiet one.
jest.setTimeout(180_000);

/** The memory of the balancer's task beside its `/tmp` (stacks/loadbalancer/loadbalancer.ts). */
const memoryMiB = 96;

/** tests/faults/bodies.test.ts has the same with 2 GiB, and with a hundred clients. */
describe.each(kinds)("%s", (kind) => {
  const front = behindDoor(kind, startBulk, (port) => {
    const target = { kind: "http", servers: [{ name: "one", address: "127.0.0.1", port }] } as const;
    return {
      httpsPort: 443,
      routes: [
        { name: "site", path: "/", target, bodyMiB: 200 },
        { name: "redirected", path: "/redirected/", target },
      ],
    };
  });

  front.available("bodies stream in both directions: neither memory nor a file grows with them", async () => {
    const work = Promise.all([upload(front.door.port, 32), download(front.door.port, 32)]);
    const { peakMiB, temporaryMiB } = await needsOf(front.door, work);
    expect(await work).toEqual([32 * mib, 32 * mib]);
    expect([peakMiB < memoryMiB, temporaryMiB]).toEqual([true, 0]);
  });

  front.available(
    "8 slow downloads and 8 slow uploads at once are whole, and beside them others have their answers",
    async () => {
      const times = Array.from({ length: 8 });
      const work = Promise.all(times.flatMap(() => [download(front.door.port, 4, 1), upload(front.door.port, 2, 1)]));
      const { peakMiB, temporaryMiB } = await needsOf(front.door, work);
      expect(new Set(await work)).toEqual(new Set([4 * mib, 2 * mib]));
      expect([peakMiB < memoryMiB, temporaryMiB]).toEqual([true, 0]);
    },
  );
});
