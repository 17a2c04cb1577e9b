import { HandoverNode, type Task } from "../../../support/handover/node";
import { Namespaces } from "../../../support/namespaces";
import { programs } from "../../../support/proxy-program";

jest.setTimeout(600_000);

/** The client's address reaches the service. */
const answered = "10.9.0.1";
const usable = Namespaces.areUsable("iptables", "curl", "nsenter", "ss");
const kinds = (["nginx", "haproxy"] as const).filter((kind) => usable && programs[kind] !== undefined);

let node: HandoverNode;

beforeEach(async () => {
  node = new HandoverNode();
  await node.start();
});
afterEach(() => {
  node.remove();
});

(kinds.length > 0 ? test.each(kinds) : test.skip.each(["nginx"] as const))(
  "%s: two updates fail no request, and no stream or WebSocket that was open",
  async (kind) => {
    let running = node.startTask(kind);
    node.startHandover();
    await node.until(() => node.directed() === running.address, "the task has the ports");
    const requests = await node.client("requests");
    const streams = await node.client("streams", "50", "20");
    const former: Task[] = [];
    for (let update = 0; update < 2; update += 1) {
      const next = node.startTask(kind);
      await node.until(() => node.directed() === next.address, "the next task has the ports");
      node.stop(running);
      await node.until(() => node.log.includes(`task ${running.id.slice(0, 12)}: sent`), "the former is told");
      former.push(running);
      running = next;
    }
    expect(await streams.finish()).toEqual({ whole: 50 });
    await Promise.all(former.map(({ ended }) => ended));
    const seen = await requests.finish();
    expect(Object.keys(seen)).toEqual([answered]);
    expect(seen[answered]).toBeGreaterThan(50);
  },
);
