import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loopbackResolverIn } from "../../../../cli/hypervisor/egress";
import { namespaceOf } from "../../../../cli/hypervisor/enter";
import { FakeFarm } from "../../../support/fake-farm";
import { ip, Namespaces, run } from "../../../support/namespaces";

test.each([
  ["one", "nameserver 127.0.0.53\noptions edns0\n", "127.0.0.53"],
  ["one behind others", "# x\nnameserver fd00::1\nnameserver 10.0.0.2\nnameserver 127.0.0.1\n", "127.0.0.1"],
  ["those of its network alone", "nameserver 10.0.0.2\nnameserver 10.0.0.3\n", undefined],
  ["none that speaks IPv4", "search example.org\nnameserver ::1\n", undefined],
])("finds the resolver on the loopback of a machine that has %s", (_, text, resolver) => {
  expect(loopbackResolverIn(text)).toBe(resolver);
});

const usable = Namespaces.areUsable("pasta", "dnsmasq", "nsenter", "iptables", "curl");
const repository = join(__dirname, "../../../..");

/**
 * guest ── bridge of the farm ── pasta ┄ outside ── world: `./farm` runs in the namespace `outside`, as on a machine whose only
 * network is the cable to `world`. A guest has the farm's address on the bridge as its router and name server, as VMs have.
 */
(usable ? describe : describe.skip)("a guest of an isolated farm", () => {
  const farm = new FakeFarm();
  const context = farm.context();
  const farmNamespace = namespaceOf(context);
  const [guest, outside, world] = ["guest", "out", "world"].map((name) => `sf-${String(process.pid)}-${name}`) as [
    string,
    string,
    string,
  ];
  const all = new Namespaces();

  /** Calls a function of egress.ts where `./farm` runs; its result. */
  function inOutside(call: string): unknown {
    const { stack, folders } = context;
    const script = `const { setEgress, stopEgress } = require("./cli/hypervisor/egress");
      const farm = ${JSON.stringify({ stack, folders })};
      ${call}.then((result) => console.log(JSON.stringify(result ?? null)))`;
    const options = ["--require", "tsx/cjs", "--eval", script];
    const { stdout, stderr, status } = run(outside, "env", `--chdir=${repository}`, process.execPath, ...options);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }
  const onLoopback = farm.write("resolv-54", "nameserver 127.0.0.53\n");
  const egress = (isOn: boolean, resolvConf = onLoopback) =>
    inOutside(`setEgress(farm, ${String(isOn)}, ${JSON.stringify(resolvConf)})`);
  const onNetwork = farm.write("resolv-53", "nameserver 203.0.113.1\n");
  const pid = () => Number(readFileSync(join(farm.folders.state, "egress.pid"), "utf8").split(" ")[0]);
  const get = (url: string) => run(guest, "curl", "-sS", "--max-time", "2", url);
  const defaultRoutes = () => ip("-n", farmNamespace, "route", "show", "default");

  beforeAll(async () => {
    farm.state("hypervisor", "isolated\n");
    all.add(world, outside, farmNamespace, guest);
    all.cable([outside, "203.0.113.2/24"], [world, "203.0.113.1/24"]);
    ip("-n", outside, "route", "add", "default", "via", "203.0.113.1");
    ip("-n", farmNamespace, "link", "add", "bridge", "type", "bridge");
    ip("-n", farmNamespace, "address", "add", "10.88.0.1/24", "dev", "bridge");
    ip("-n", farmNamespace, "link", "set", "bridge", "up");
    all.cable([guest, "10.88.0.11/24"], [farmNamespace, ""]);
    ip("-n", farmNamespace, "link", "set", `${farmNamespace.slice(-10)}-b`, "master", "bridge");
    ip("-n", guest, "route", "add", "default", "via", "10.88.0.1");
    const http = (address: string, port: number) => [
      ...[process.execPath, "--eval"],
      `require("http").createServer((q, a) => a.end("from " + q.socket.remoteAddress)).listen(${String(port)}, "${address}")`,
    ];
    await all.serve(world, 80, ...http("203.0.113.1", 80));
    await all.serve(outside, 8000, ...http("127.0.0.1", 8000));
    const plain = [
      "dnsmasq",
      "--keep-in-foreground",
      "--conf-file=/dev/null",
      "--pid-file=",
      "--no-hosts",
      "--bind-interfaces",
    ];
    const names = ["--no-resolv", "--address=/world.test/203.0.113.1"];
    await all.serve(world, 53, ...plain, "--listen-address=203.0.113.1", ...names);
    await all.serve(outside, 53, ...plain, "--listen-address=127.0.0.53", ...names);
    // As libvirt starts it, with name servers of a machine, on its network or on its loopback.
    const ofLibvirt = [...plain, "--strict-order", "--except-interface=lo", "--listen-address=10.88.0.1"];
    for (const port of [53, 54]) {
      const resolv = `--resolv-file=${join(farm.home, `resolv-${String(port)}`)}`;
      await all.serve(farmNamespace, port, ...ofLibvirt, `--port=${String(port)}`, resolv, "--user=root");
    }
  }, 30_000);

  afterAll(() => {
    try {
      inOutside("stopEgress(farm)");
    } finally {
      all.remove();
      farm.remove();
    }
  });

  /** Answer of a name server of the farm to a guest, or its error; and after how many seconds. */
  function lookup(port: number): readonly [answer: string, seconds: number] {
    const script = `const r = new (require("dns").promises.Resolver)({ tries: 1, timeout: 8000 });
      r.setServers(["10.88.0.1:${String(port)}"]);
      r.resolve4("world.test").then(([a]) => a, (e) => e.code).then((text) => process.stdout.write(text));`;
    const started = Date.now();
    return [run(guest, process.execPath, "-e", script).stdout, (Date.now() - started) / 1000];
  }

  test("reaches a server outside, with names from resolvers on the loopback and outside", () => {
    expect(egress(true)).toBeNull();
    expect(get("http://203.0.113.1/").stdout).toBe("from 203.0.113.2");
    expect([lookup(53)[0], lookup(54)[0]]).toEqual(["203.0.113.1", "203.0.113.1"]);
  });

  test("resolves names by a resolver on the machine's network", () => {
    expect(egress(true, onNetwork)).toBeNull();
    expect(lookup(53)[0]).toBe("203.0.113.1");
    expect(egress(true)).toBeNull();
  });

  test("keeps its connections after another up", () => {
    const before = pid();
    expect(egress(true)).toBeNull();
    expect(pid()).toBe(before);
  });

  test("does not reach the loopback of this machine", () => {
    expect(run(outside, "curl", "-sS", "http://127.0.0.1:8000/").stdout).toContain("from 127.0.0.1");
    for (const address of ["169.254.77.1", "169.254.77.2", "10.88.0.1"])
      expect(get(`http://${address}:8000/`).status).not.toBe(0);
  });

  test("restarts pasta with the next up after pasta died", () => {
    const before = pid();
    process.kill(before, "SIGKILL");
    expect(get("http://203.0.113.1/").status).not.toBe(0);
    expect(egress(true)).toBeNull();
    expect(pid()).not.toBe(before);
    expect(get("http://203.0.113.1/").stdout).toBe("from 203.0.113.2");
  });

  test("has no pasta, no route and no names if egress is off", () => {
    const before = pid();
    expect(egress(false)).toBeNull();
    // A process that has ended has no command line, even before its parent waits for it.
    const file = `/proc/${String(before)}/cmdline`;
    expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe("");
    expect([existsSync(join(farm.folders.state, "egress.pid")), defaultRoutes()]).toEqual([false, ""]);
    expect(get("http://203.0.113.1/").status).not.toBe(0);
    for (const port of [53, 54]) {
      const [answer, seconds] = lookup(port);
      expect(answer).toMatch(/^E(REFUSED|SERVFAIL)$/);
      expect(seconds).toBeLessThan(2);
    }
  });

  test("reports why there is no egress on a machine without a default route", () => {
    ip("-n", outside, "route", "del", "default");
    expect(egress(true)).toMatch(/interface/);
    expect([existsSync(join(farm.folders.state, "egress.pid")), defaultRoutes()]).toEqual([false, ""]);
    ip("-n", outside, "route", "add", "default", "via", "203.0.113.1");
    expect(egress(true)).toBeNull();
    expect(get("http://203.0.113.1/").stdout).toBe("from 203.0.113.2");
  });
});
