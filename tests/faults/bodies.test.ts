import { bulkProxy, download, memoryMiB, mib, needsOf, upload, type Needs } from "../support/large-bodies";
import { kinds } from "../support/requests";

jest.setTimeout(1_800_000);

/** Of downloads and uploads at once, each. */
const clients = 100;

/** nginx and HAProxy as processes: no VM. About 25 GB through TLS for each. */
describe.each(kinds)("%s", (kind) => {
  const front = bulkProxy(kind, 2048);

  const expectBounded = (what: string, { peakMiB, temporaryMiB, slowestMs, seconds }: Needs) => {
    const figures = `${String(peakMiB)} MiB resident at most, ${temporaryMiB.toFixed(1)} MiB of files, a request beside it ${String(slowestMs)} ms at most`;
    process.stdout.write(`${kind}: ${what} in ${seconds.toFixed(0)} s: ${figures}\n`);
    expect([peakMiB < memoryMiB, temporaryMiB]).toEqual([true, 0]);
  };

  front.available("a body of 2 GiB, up and then down", async () => {
    for (const [what, transfer] of [
      ["upload", upload],
      ["download", download],
    ] as const) {
      const work = transfer(front.proxy.port, 2048);
      expectBounded(`2 GiB ${what}`, await needsOf(front.proxy, work));
      expect(await work).toBe(2048 * mib);
    }
  });

  front.available("100 slow downloads of 200 MiB and 100 uploads of 20 MiB at once are whole", async () => {
    const work = Promise.all(
      Array.from({ length: clients }).flatMap(() => [
        download(front.proxy.port, 200, 15),
        upload(front.proxy.port, 20, 15),
      ]),
    );
    expectBounded("100 downloads of 200 MiB and 100 uploads of 20 MiB", await needsOf(front.proxy, work));
    expect(new Set(await work)).toEqual(new Set([200 * mib, 20 * mib]));
  });
});
