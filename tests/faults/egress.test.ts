import { readFileSync } from "node:fs";
import { ip, Namespaces, run } from "../support/namespaces";
import { TestFarm } from "../live/farm";
import { changesNothing } from "../live/unchanged";

const outside = "sf-live-out";
const world = "sf-live-world";

jest.setTimeout(25 * 60_000);

/**
 * A farm's way out. `./farm` runs in the namespace `outside`, and pasta with it, as on a machine whose only network is a cable to
 * `world`: there are a server, and a name server with the address that this machine's resolver has. Nothing leaves them.
 */
describe("egress of a farm", () => {
  const farm = new TestFarm("test-egress");
  const all = new Namespaces();
  const through = ["nsenter", `--net=/run/netns/${outside}`];
  /** The namespace of the name server. */
  let namesIn = world;

  const configure = (egress: boolean) => {
    farm.configure((config) => config.replace(/^( +egress:) .*$/m, `$1 ${String(egress)}`));
  };
  const up = async (egress: boolean) => {
    configure(egress);
    const ended = await farm.farm(["up"], { through });
    expect(ended.status).toBe(0);
    return ended.output;
  };
  const ask = async (url: string) => farm.farm(["ssh", "worker1", `curl -sS --max-time 20 ${url}`]);

  beforeAll(async () => {
    farm.configureAsShipped();
    await farm.ok(["up"], { shown: true });
    all.add(world, outside);
    all.cable([outside, "203.0.113.2/24"], [world, "203.0.113.1/24"]);
    ip("-n", outside, "route", "add", "default", "via", "203.0.113.1");
    const resolver = /^nameserver\s+(\d\S+)/m.exec(readFileSync("/etc/resolv.conf", "utf8"))?.[1] ?? "127.0.0.1";
    namesIn = resolver.startsWith("127.") ? outside : world;
    if (namesIn === world) ip("-n", world, "address", "add", `${resolver}/32`, "dev", "lo");
    const server = `require("http").createServer((q, a) => a.end("from " + q.socket.remoteAddress)).listen(80, "203.0.113.1")`;
    await all.serve(world, 80, process.execPath, "--eval", server);
    const dnsmasq = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--no-hosts"];
    const names = ["--no-resolv", "--address=/world.test/203.0.113.1", "--local=/world.test/", "--user=root"];
    await all.serve(namesIn, 53, ...dnsmasq, ...names, "--bind-interfaces", `--listen-address=${resolver}`);
  });

  afterAll(async () => {
    try {
      await farm.end();
    } finally {
      all.remove();
    }
  });

  test("is off: names fail at once", async () => {
    const started = Date.now();
    expect((await ask("http://world.test/")).status).not.toBe(0);
    expect(Date.now() - started).toBeLessThan(15_000);
    expect((await farm.ok(["run", "--", "ip", "route", "show", "default"])).stdout).toBe("");
  });

  test("is turned on with one key, for nodes and for tasks, by name, and no resource changes", async () => {
    const output = await up(true);
    expect(output).toMatch(/✓ egress +by pasta/);
    expect(output).toMatch(changesNothing);
    expect((await ask("http://world.test/")).stdout).toBe("from 203.0.113.2");
    const task = "$(docker ps --quiet --filter label=com.docker.swarm.service.name=hello | head -n 1)";
    const inTask = `docker exec ${task} /bin/busybox wget -q -O - http://world.test/`;
    expect((await farm.ok(["ssh", "worker1", inTask])).stdout).toBe("from 203.0.113.2");
  });

  test("is restored by the next update after pasta died", async () => {
    const pid = Number(readFileSync(farm.egressPidFile, "utf8").split(" ")[0]);
    process.kill(pid, "SIGKILL");
    expect((await ask("http://203.0.113.1/")).status).not.toBe(0);
    await up(true);
    expect((await ask("http://203.0.113.1/")).stdout).toBe("from 203.0.113.2");
  });

  test("has name servers that do not answer: nodes find the registry at once", async () => {
    run(namesIn, "iptables", "-A", "INPUT", "-p", "udp", "--dport", "53", "-j", "DROP");
    const find = async (name: string) =>
      (await farm.farm(["ssh", "worker1", `timeout 5 getent ahosts ${name}`])).status;
    expect(await find("world.test")).toBe(124);
    expect(await find("registry.internal")).toBe(0);
  });

  test("is off again", async () => {
    expect(await up(false)).toMatch(/✓ egress +none/);
    expect((await ask("http://203.0.113.1/")).status).not.toBe(0);
  });
});
