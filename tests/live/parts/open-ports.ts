import { join } from "node:path";
import { openPorts } from "../../support/open-ports";
import { addresses, repository, type TestFarm } from "../farm";

/** The keys of the shipped configuration that open a port. */
const opened = ["hello.port", "loadbalancer.httpPort", "loadbalancer.httpsPort"];

/** Well-known ports and those of the farm's programs, and the first that Swarm chooses; listeners are compared for all ports. */
const scanned = "1-1023,2375-2380,3000-3306,4789,5000-5100,7946,8000-8200,8443-8444,9000-9400,27017,30000-30100";

/** On a node: a line for each listener, and one in the same form for each published port. */
const listeners = `ss -Hltun
iptables -w -t nat -S | sed -n 's/.*-p \\(tcp\\|udp\\) .*--dport \\([0-9]*\\) .*DNAT.*/\\1 DNAT 0 0 0.0.0.0:\\2/p'`;

/** Ports of programs in the farm that no node has: php, nginx, mysql, valkey, Prometheus, the exporter, Docker's API. */
const inside = [9000, 8081, 3306, 6379, 9090, 9101, 2375];

const shell = {
  php: "lamp-php",
  nginx: "lamp-nginx",
  mysql: "lamp-mysql",
  sessions: "lamp-sessions",
  socket: "visualizer-gate",
} as const;

/** Ports that nodes listen on, that answer from outside, and that a task reaches: no more than docs/security.md lists. */
export function openPortTests(farm: TestFarm): void {
  const nodes = Object.entries(addresses);

  test("every node listens on the ports of the table in docs/security.md, and on no other", async () => {
    for (const [node] of nodes) {
      const { stdout } = await farm.ok(["ssh", node, listeners]);
      expect([node, portsIn(stdout, "tcp")]).toEqual([node, expected(node, "tcp")]);
      // The kernel's VXLAN may have its socket in a namespace of Docker.
      expect(expected(node, "udp")).toEqual(expect.arrayContaining(portsIn(stdout, "udp")));
    }
  });

  test("a scan from the side of the hypervisor finds the same", async () => {
    const some = nodes.filter(([node]) => ["manager1", "worker3"].includes(node));
    const script = join(repository, "tests", "live", "scan.ts");
    const to = some.map(([, address]) => address);
    const { stdout } = await farm.ok(["run", "--", process.execPath, "--import", "tsx", script, scanned, ...to]);
    expect(JSON.parse(stdout)).toEqual(some.map(([node]) => expected(node, "tcp")));
  });

  test("beside the farm only libvirt's dnsmasq listens in its network", async () => {
    const { stdout } = await farm.ok(["run", "--", "ss", "-Hltun"]);
    expect([...new Set([...portsIn(stdout, "tcp"), ...portsIn(stdout, "udp")])]).toEqual([53]);
  });

  test("a task reaches neither php, mysql, the store of sessions nor the docker socket proxy, unless it is on their network", async () => {
    const taskOf = async (service: string) => {
      const [id = ""] = (
        await farm.docker("service", "ps", service, "-q", "--no-trunc", "--filter", "desired-state=running")
      ).split("\n");
      const format =
        "{{.NodeID}} {{.Status.ContainerStatus.ContainerID}}{{range .NetworksAttachments}} {{.Network.Spec.Name}}={{index .Addresses 0}}{{end}}";
      const [node = "", container = "", ...networks] = (await farm.docker("inspect", id, "-f", format)).split(" ");
      const host = await farm.docker("node", "inspect", node, "-f", "{{.Description.Hostname}}");
      const address = (network: string) =>
        networks.find((each) => each.startsWith(`${network}=`))?.replace(/^.*=(.*)\/\d+$/, "$1") ?? "";
      return { host, container, address };
    };
    const [php, mysql, socket] = [await taskOf(shell.php), await taskOf(shell.mysql), await taskOf(shell.socket)];
    const sessions = await taskOf(shell.sessions);
    const targets = [
      `${php.address("lamp-web")}:9000`,
      `${mysql.address("lamp-data")}:3306`,
      `${sessions.address("lamp-sessions")}:6379`,
      `${socket.address("visualizer-docker")}:2375`,
      ...inside.map((port) => `${addresses.worker2}:${String(port)}`),
      `${addresses.worker2}:443`,
    ];
    const reached = async (service: string) => {
      const { host, container } = await taskOf(service);
      return (await farm.ok(["ssh", host, reachedFrom(container, targets)])).stdout.trim().split("\n").sort();
    };
    const proxy = `${addresses.worker2}:443`;
    expect(await reached("hello")).toEqual([proxy]);
    expect(await reached(shell.nginx)).toEqual([proxy, `${php.address("lamp-web")}:9000`].sort());
  });
}

/** The ports of a node of the shipped farm by the table. */
function expected(node: string, protocol: string): number[] {
  return openPorts()
    .filter(({ name, protocols }) => protocols.includes(protocol) && (/^\d/.test(name) || opened.includes(name)))
    .filter(({ where }) => where.startsWith("every node") || (node === "manager1" && /^(first )?manager/.test(where)))
    .flatMap(({ port }) => port ?? [])
    .sort((a, b) => a - b);
}

/** The ports of `ss -Hltun` that are not on loopback alone. */
export function portsIn(listeners: string, protocol: string): number[] {
  const ports = listeners.split("\n").flatMap((line) => {
    const [kind = "", , , , local = ""] = line.trim().split(/\s+/);
    const [, address = "", port = ""] = /^(.*):(\d+)$/.exec(local) ?? [];
    return kind !== protocol || /^(127\.|\[::1\])/.test(address) ? [] : [Number(port)];
  });
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** Prints the targets that accept a connection from a container's network; curl is the node's. */
function reachedFrom(container: string, targets: readonly string[]): string {
  return `pid=$(docker inspect -f '{{.State.Pid}}' ${container})
reach() {
  took=$(nsenter --net=/proc/$pid/ns/net curl -s -o /dev/null --max-time 10 -w '%{time_connect}' "http://$1/") || true
  [ "$took" = 0.000000 ] || echo "$1"
}
for target in ${targets.join(" ")}; do reach "$target" & done
wait`;
}
