import { bulkProxy, download, memoryMiB, mib, needsOf, upload } from "../../support/large-bodies";
import { kinds } from "../../support/requests";

// A machine with other work needs ten times as long as a quiet one.
jest.setTimeout(180_000);

/** tests/faults/bodies.test.ts has the same with 2 GiB, and with a hundred clients. */
describe.each(kinds)("%s", (kind) => {
  const front = bulkProxy(kind, 200);

  front.available("bodies stream in both directions: neither memory nor a file grows with them", async () => {
    const work = Promise.all([upload(front.proxy.port, 32), download(front.proxy.port, 32)]);
    const { peakMiB, temporaryMiB } = await needsOf(front.proxy, work);
    expect(await work).toEqual([32 * mib, 32 * mib]);
    expect([peakMiB < memoryMiB, temporaryMiB]).toEqual([true, 0]);
  });

  front.available(
    "8 slow downloads and 8 slow uploads at once are whole, and beside them others have their answers",
    async () => {
      const times = Array.from({ length: 8 });
      const work = Promise.all(times.flatMap(() => [download(front.proxy.port, 4, 1), upload(front.proxy.port, 2, 1)]));
      const { peakMiB, temporaryMiB } = await needsOf(front.proxy, work);
      expect(new Set(await work)).toEqual(new Set([4 * mib, 2 * mib]));
      expect([peakMiB < memoryMiB, temporaryMiB]).toEqual([true, 0]);
    },
  );
});
