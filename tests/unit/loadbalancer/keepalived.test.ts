import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { keepalivedConfig } from "../../../stacks/loadbalancer/vip/keepalived";
import { keepalived } from "../../support/nginx";
import { repository } from "../../support/sources";

const recipe = join(repository, "stacks", "loadbalancer", "images", "keepalived");
const plan = { addresses: ["10.77.0.250", "10.77.0.9"], cidr: "10.77.0.0/24", healthPort: 80, intervalSeconds: 1 };
const route = "10.77.0.0/24 dev ens3 proto kernel scope link src 10.77.0.21 ";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keepalived-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Runs a script of the image with `/run` in the test's folder, and programs of the test before others. */
function script(name: string, args: readonly string[], env: Record<string, string> = {}) {
  const text = readFileSync(join(recipe, name), "utf8").replaceAll(/(?<=[ >])\/run\//g, `${folder}/`);
  return spawnSync("sh", ["-c", text, name, ...args], {
    encoding: "utf8",
    env: { PATH: `${folder}:${process.env.PATH ?? ""}`, ...env },
  });
}

/** Configuration that start-keepalived writes for a node. */
function definitions(found: string): { status: number | null; stderr: string; stdout: string; lines: string[] } {
  program("ip", `echo "$@" >>"${folder}/asked"; printf '%s\\n' "${found}"`);
  program("keepalived", 'echo "$@"');
  const env = { NETWORK: plan.cidr, ADDRESSES: plan.addresses.join(" ") };
  const { status, stderr, stdout } = script("start-keepalived", ["--use-file", "x"], env);
  const lines = status === 0 ? readFileSync(join(folder, "node.conf"), "utf8").trim().split("\n") : [];
  return { status, stderr, stdout, lines };
}

test("a node finds its interface and address in the farm's network, and has a priority for each address", () => {
  const { stdout, lines } = definitions(route);
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe("-4 -o route show exact 10.77.0.0/24 scope link\n");
  expect(lines.slice(0, 2)).toEqual(["$INTERFACE=ens3", "$NODE=10.77.0.21"]);
  const priorities = lines.slice(2).map((line) => /^\$PRIORITY_(\S+)=(\d+)$/.exec(line)?.slice(1) ?? []);
  expect(priorities.map(([address]) => address)).toEqual(["10_77_0_250", "10_77_0_9"]);
  for (const [, priority] of priorities) {
    expect(Number(priority)).toBeGreaterThanOrEqual(155);
    expect(Number(priority)).toBeLessThanOrEqual(254);
  }
  expect(stdout).toBe("--vrrp --dont-fork --log-console --no-syslog --use-file x\n");
});

test("nodes differ in their priorities, and not in one order for every address", () => {
  const of = (node: number) =>
    definitions(route.replace(".21", `.${String(node)}`))
      .lines.slice(2)
      .map((line) => Number(line.split("=")[1]));
  const nodes = [11, 12, 13, 21, 22, 23, 24, 25].map((node) => ({ node, priorities: of(node) }));
  const order = (at: number) =>
    [...nodes].sort((a, b) => (b.priorities[at] ?? 0) - (a.priorities[at] ?? 0)).map(({ node }) => node);
  expect(new Set(nodes.map(({ priorities }) => priorities[0])).size).toBeGreaterThan(5);
  expect(order(0)).not.toEqual(order(1));
});

test("a node without an interface in the network says so, and holds nothing", () => {
  const { status, stderr } = definitions("");
  expect([status, stderr]).toEqual([
    1,
    "this node has no interface in 10.77.0.0/24, so that it cannot hold 10.77.0.250 10.77.0.9\n",
  ]);
});

test("the health check passes only if the balancer was checked since the previous one", () => {
  const health = () => script("check-health", []).status;
  const checked = (seconds: number) => {
    writeFileSync(join(folder, "checked"), "");
    utimesSync(join(folder, "checked"), seconds, seconds);
  };
  expect(health()).toBe(1);
  checked(1);
  expect([health(), health()]).toEqual([0, 1]);
  checked(Date.now() / 1000 + 60);
  expect(health()).toBe(0);
});

describe("the check of the balancer", () => {
  beforeEach(() => {
    // This node has the first address alone.
    program("ip", `echo "$@" >>"${folder}/asked"; case "$*" in *"to 10.77.0.250") echo there ;; esac`);
    program("hold-addresses", readFileSync(join(recipe, "hold-addresses"), "utf8"));
  });
  const check = () => script("check-balancer", ["3", "ens3", "10.77.0.21", "8180", ...plan.addresses]);
  const renewed = () =>
    readFileSync(join(folder, "asked"), "utf8")
      .split("\n")
      .filter((line) => line.includes("change"));

  test("queries this node's own, and renews the node's copies", () => {
    program("busybox", 'echo "$@"');
    const { status, stdout } = check();
    expect([status, stdout]).toEqual([0, "wget -q -O /dev/null http://10.77.0.21:8180/healthz\n"]);
    expect(renewed()).toEqual(["address change 10.77.0.250/32 dev ens3 scope link valid_lft 3 preferred_lft 3"]);
    expect(readFileSync(join(folder, "checked"), "utf8")).toBe("");
  });

  test("fails with a balancer that does not answer, and renews all the same: keepalived decides", () => {
    program("busybox", "exit 1");
    expect(check().status).toBe(1);
    expect(renewed()).toHaveLength(1);
  });
});

/** Of keepalived 2.3, the image's; Debian 12's 2.2 leaves it out. */
const newer = "Unknown keyword 'timer_expired_backup'";

/** An interface of this machine, of which keepalived only reads that it exists: no loopback. */
const [networkCard] = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
  all.some(({ internal }) => !internal) ? [name] : [],
);

(keepalived === undefined || networkCard === undefined ? test.skip : test)("keepalived takes the configuration", () => {
  const priorities = plan.addresses.map((address) => `$PRIORITY_${address.replaceAll(".", "_")}=200`);
  const node = [`$INTERFACE=${networkCard ?? ""}`, "$NODE=127.0.0.1", ...priorities, ""];
  writeFileSync(join(folder, "node.conf"), node.join("\n"));
  program("check-balancer", "");
  program("hold-addresses", "");
  const text = keepalivedConfig(plan).replaceAll("/usr/local/sbin", folder).replaceAll("/run/", `${folder}/`);
  writeFileSync(join(folder, "keepalived.conf"), text);
  const args = ["--vrrp", "-t", "-f", join(folder, "keepalived.conf")];
  const { stderr } = spawnSync(keepalived ?? "", args, { encoding: "utf8" });
  expect(stderr.split("\n").filter((line) => line !== "" && !line.includes(newer))).toEqual([]);
});
