import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startForwards, stopForwards } from "../../../../cli/hypervisor/forwards";
import { processName } from "../../../../cli/hypervisor/system";
import { FakeFarm } from "../../../support/fake-farm";
import { processNamed } from "../../../support/process-named";

let farm: FakeFarm;
let libvirtd: ChildProcess & { readonly pid: number };
beforeEach(async () => {
  farm = new FakeFarm({
    // A script has its own name for the kernel, until it is another program.
    socat: "while sleep 0.05; do :; done",
    ss: 'case "$*" in *":8443"|*":18080") echo LISTEN ;; esac',
  });
  farm.state("hypervisor", "isolated\n");
  libvirtd = await processNamed("libvirtd", farm.home);
  farm.state("libvirt/libvirtd.pid", `${String(libvirtd.pid)}\n`);
});
afterEach(() => {
  stopForwards(farm.context());
  libvirtd.kill();
  farm.remove();
});

const folder = () => join(farm.folders.state, "forward");
const nodes = [{ address: "10.77.0.11" }];
const urlOf = (name: string) => readFileSync(join(folder(), `${name}.url`), "utf8");
const listeners = () => farm.calls.filter((call) => call.startsWith("socat")).sort();

/** A detached process records its call soon. */
async function listening(count: number): Promise<readonly string[]> {
  for (const until = Date.now() + 20_000; listeners().length < count && Date.now() < until;) await sleep(20);
  return listeners();
}

test("each port in the URLs has one listener on loopback, which enters the namespace per connection", async () => {
  const urls = {
    hello: "http://10.77.0.11:8080",
    lamp: "https://lamp.localhost/",
    admin: "https://lamp.localhost/admin",
  };
  await startForwards(farm.context(), { urls, nodes });
  const enter = `EXEC:nsenter --target ${String(libvirtd.pid)} --net socat - TCP\\:10.77.0.11\\`;
  expect(await listening(2)).toEqual([
    // 8443 is taken, and so is the first port of the fallback range.
    `socat TCP-LISTEN:18081,bind=127.0.0.1,reuseaddr,fork ${enter}:443`,
    `socat TCP-LISTEN:8080,bind=127.0.0.1,reuseaddr,fork ${enter}:8080`,
  ]);
  expect([urlOf("hello"), urlOf("lamp"), urlOf("admin")]).toEqual([
    "http://127.0.0.1:8080/\n",
    "https://lamp.localhost:18081/\n",
    "https://lamp.localhost:18081/admin\n",
  ]);
});

test("stop ends the listeners, and a second stop does nothing", async () => {
  await startForwards(farm.context(), { urls: { hello: "http://10.77.0.11:8080" }, nodes });
  await listening(1);
  const [file = ""] = readdirSync(folder()).filter((name) => name.endsWith(".pid"));
  const pid = Number(readFileSync(join(folder(), file), "utf8"));
  expect(processName(pid)).toBe("socat");
  stopForwards(farm.context());
  for (const until = Date.now() + 20_000; processName(pid) === "socat" && Date.now() < until;) await sleep(20);
  expect(processName(pid)).not.toBe("socat");
  expect(existsSync(folder())).toBe(false);
  stopForwards(farm.context());
});

test.each([
  ["a farm without nodes", { urls: { hello: "http://10.0.0.1" }, nodes: [] }, "isolated\n"],
  ["a farm on the system's libvirt", { urls: { hello: "http://10.0.0.1" }, nodes }, "system\n"],
])("%s has no listeners, and those of a previous update end", async (_, addresses, mode) => {
  farm.state("hypervisor", mode);
  farm.state("forward/old.url", "http://127.0.0.1:1/\n");
  await startForwards(farm.context(), addresses);
  expect([existsSync(folder()), listeners()]).toEqual([false, []]);
});

test("host names of a farm with addresses that survive a node lead to the first of these", async () => {
  const urls = { lamp: "https://lamp.localhost/", hello: "http://10.77.0.11:8080" };
  await startForwards(farm.context(), { urls, nodes, addresses: ["10.77.0.250", "10.77.0.251"] });
  const ends = (await listening(2)).map((call) => call.split(" ").at(-1));
  expect(ends).toEqual(["TCP\\:10.77.0.250\\:443", "TCP\\:10.77.0.11\\:8080"]);
});
