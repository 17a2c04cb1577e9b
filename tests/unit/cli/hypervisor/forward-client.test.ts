import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startForwards, stopForwards } from "../../../../cli/hypervisor/forwards";
import { FakeFarm } from "../../../support/fake-farm";
import { Namespaces } from "../../../support/namespaces";
import { processNamed } from "../../../support/process-named";

const usable = Namespaces.areUsable("ip", "ss", "socat", "nsenter", "bash");
const available = usable ? test : test.skip;
const [farmSide, nodeSide] = ["sf-test-forward-f", "sf-test-forward-n"] as const;
const gateway = "10.77.0.1";
const node = "10.77.0.11";

/** A server that says who connected. */
const tellsClient = `require("net").createServer((s) => s.end(s.remoteAddress)).listen(8080, "${node}")`;

let namespaces: Namespaces;
let farm: FakeFarm;
let libvirtd: ChildProcess & { readonly pid: number };
beforeEach(async () => {
  namespaces = new Namespaces();
  farm = new FakeFarm();
  if (!usable) return;
  namespaces.add(farmSide, nodeSide);
  namespaces.cable([farmSide, `${gateway}/24`], [nodeSide, `${node}/24`]);
  await namespaces.serve(nodeSide, 8080, process.execPath, "-e", tellsClient);
  farm.state("hypervisor", "isolated\n");
  libvirtd = await processNamed("libvirtd", farm.home, farmSide);
  farm.state("libvirt/libvirtd.pid", `${String(libvirtd.pid)}\n`);
}, 30_000);
afterEach(() => {
  if (usable) {
    stopForwards(farm.context());
    libvirtd.kill();
  }
  namespaces.remove();
  farm.remove();
});

/** The answer of the server; undefined where nobody listens yet. */
function answer(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (data: Buffer) => (text += data.toString()));
    socket.on("error", () => {
      resolve(undefined);
    });
    socket.on("end", () => {
      resolve(text);
    });
  });
}

available(
  "a node sees the network's gateway as the client of a forward: that is what `allow` must name",
  async () => {
    await startForwards(farm.context(), { urls: { hello: `http://${node}:8080` }, nodes: [{ address: node }] });
    const url = new URL(readFileSync(join(farm.folders.state, "forward", "hello.url"), "utf8"));
    let seen = await answer(Number(url.port));
    for (const until = Date.now() + 20_000; seen === undefined && Date.now() < until;) {
      await sleep(50);
      seen = await answer(Number(url.port));
    }
    expect(seen).toBe(gateway);
  },
  40_000,
);
