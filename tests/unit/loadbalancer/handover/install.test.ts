import { installScript, uninstallScript } from "../../../../stacks/loadbalancer/handover/install";
import { portsAndStop } from "../../../../stacks/loadbalancer/handover/tasks";
import { portsOf } from "../../../../stacks/loadbalancer/ports";
import { constants } from "node:os";
import { haproxyConfig } from "../../../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../../../stacks/loadbalancer/nginx";
import { planWith } from "../../../support/balancer";
import { runWith } from "../../../support/fake-programs";
import { syntaxError } from "../../../support/sh";

const plan = planWith({ hello: { path: "/" } }, { drainSeconds: 60 });
const without = planWith({ hello: { path: "/" } });
const ports = portsOf(80, plan);

/** The install script with its files in the folder where it runs; systemd starts nothing. */
function install(listening: string, ready = "true") {
  const script = installScript({ service: "loadbalancer", ports, healthPort: 8080 }).replaceAll(
    / (\/(etc|usr|run)\/[a-z/.-]*)/g,
    " $here$1",
  );
  const folders =
    "mkdir -p $here/usr/local/sbin $here/etc/systemd/system $here/etc/swarm-farm $here/run/swarm-farm-handover";
  return runWith(`here=$PWD\n${folders}\n${script}\ncat $here/etc/swarm-farm/handover.env`, {
    ss: `case "$*" in *":443"*) echo '${listening}' ;; esac`,
    systemctl: `[ "$1" != restart ] || ! ${ready} || : >"$here/run/swarm-farm-handover/ready"`,
    journalctl: "echo 'iptables: permission denied'",
    uname: "echo worker1",
    date: 'echo $(($(cat "$here/seconds" 2>/dev/null || echo 0) + 50)) | tee "$here/seconds"',
  });
}

test("it writes program, unit and settings, and waits until the ports are directed", () => {
  const { status, stdout, calls } = install("");
  expect(stdout.split("\n")).toEqual([
    "SERVICE=loadbalancer",
    'PORTS="80:8080 443:8443"',
    "HEALTH_PORT=8080",
    "STOP_SIGNAL=23",
    "SUCCESSOR_SECONDS=30",
    "",
  ]);
  expect(status).toBe(0);
  expect(calls.filter((call) => call.startsWith("systemctl"))).toEqual([
    "systemctl daemon-reload",
    "systemctl -q enable swarm-farm-handover.service",
    "systemctl restart swarm-farm-handover.service",
  ]);
});

test("a port on which a program of the node listens is refused before anything is changed; Docker may listen", () => {
  const line = (program: string) => `LISTEN 0 4096 *:443 *:* users:(("${program}",pid=1,fd=3))`;
  const { status, stderr, calls } = install(line("apache2"));
  expect([status, stderr]).toEqual([
    1,
    "port 443 of worker1: 'apache2' listens on it; stop it, or give the load balancer another port\n",
  ]);
  expect(calls.some((call) => call.startsWith("systemctl"))).toBe(false);
  expect(install(line("dockerd")).status).toBe(0);
});

test("a handover that directs nothing fails with the node and the end of its log", () => {
  const { status, stderr } = install("", "false");
  expect([status, stderr]).toEqual([
    1,
    "worker1: the handover of the load balancer has not directed any port within 120 s: iptables: permission denied\n",
  ]);
});

test("the scripts are well-formed", () => {
  expect(
    [installScript({ service: "loadbalancer", ports, healthPort: 8080 }), uninstallScript()].map(syntaxError),
  ).toEqual(["", ""]);
});

test("with a grace a task publishes nothing, and is stopped by a signal without an effect", () => {
  expect(portsAndStop("nginx", ports, 60)).toEqual({
    stopSignal: "SIGURG",
    // 30 s for a successor, the grace, and 10 s.
    stopGraceSeconds: 100,
    env: { DRAIN_SIGNAL: "QUIT" },
  });
  expect(portsAndStop("haproxy", ports, 60).env).toEqual({ DRAIN_SIGNAL: "USR1" });
  expect(constants.signals.SIGURG).toBe(23);
});

test("without one it publishes its ports, and is stopped as its image says", () => {
  const proxied = planWith({ hello: { path: "/" } }, { proxyProtocol: { port: 8444, from: ["10.0.0.0/8"] } });
  expect(portsAndStop("nginx", portsOf(8180, proxied), undefined)).toEqual({
    ports: [
      { target: 8080, published: 8180, mode: "host" },
      { target: 8443, published: 443, mode: "host" },
      { target: 8444, published: 8444, mode: "host" },
    ],
  });
});

test("both programs end what is open at the end of the grace, and without a grace their configuration has nothing of it", () => {
  expect(nginxConfig(plan)).toContain("\nworker_shutdown_timeout 60s;\n");
  expect(haproxyConfig(plan, "")).toContain("\n  hard-stop-after 60s\n");
  expect(haproxyConfig(plan, "")).toContain("\n  option idle-close-on-response\n");
  for (const text of [nginxConfig(without), haproxyConfig(without, "")])
    expect(text).not.toMatch(/shutdown_timeout|hard-stop|idle-close/);
});
