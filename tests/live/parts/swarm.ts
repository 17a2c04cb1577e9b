import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { TestFarm } from "../farm";

const Outputs = z.object({
  nodes: z.array(
    z.object({
      name: z.string(),
      role: z.enum(["manager", "worker"]),
      host: z.string(),
      address: z.string(),
      labels: z.record(z.string(), z.string()),
      patchLevel: z.object({ os: z.string(), kernel: z.string(), docker: z.string(), packages: z.string() }),
    }),
  ),
  urls: z.record(z.string(), z.string()),
});

export const nodeNames = ["manager1", "worker1", "worker2", "worker3"];

/** VMs, swarm and the hello page of the default farm, through `./farm`. */
export function swarmTests(farm: TestFarm, shown: () => string): void {
  const outputs = async () => Outputs.parse(JSON.parse((await farm.ok(["outputs", "--json"])).stdout));
  const docker = async (...args: string[]) => (await farm.ok(["docker", ...args])).stdout.trim();
  const page = (address: string) => farm.curl([`http://${address}:8080/`]);

  test("outputs --json gives every node and URL", async () => {
    const { nodes, urls } = await outputs();
    expect(nodes.map((node) => node.name)).toEqual(nodeNames);
    expect(nodes.map((node) => node.role)).toEqual(["manager", "worker", "worker", "worker"]);
    expect(nodes[3]?.labels).toEqual({ db: "true" });
    expect(new Set(nodes.map((node) => JSON.stringify(node.patchLevel))).size).toBe(1);
    expect(urls).toEqual({
      hello: "http://10.77.0.11:8080",
      lamp: "https://10.77.0.11/",
      visualizer: "https://10.77.0.11/visualizer/",
    });
  });

  test("docker lists four ready nodes under their own names, one of them leading", async () => {
    const lines = (await docker("node", "ls", "--format", "{{.Hostname}} {{.Status}} {{.ManagerStatus}}")).split("\n");
    expect(lines.map((line) => line.trim()).sort()).toEqual([
      "manager1 Ready Leader",
      "worker1 Ready",
      "worker2 Ready",
      "worker3 Ready",
    ]);
    expect(await docker("node", "inspect", "worker3", "-f", "{{json .Spec.Labels}}")).toBe('{"db":"true"}');
  });

  test("the page answers on every node and comes from every node", async () => {
    const { nodes } = await outputs();
    const seen = new Set<string>();
    // Each node's mesh goes round all four tasks.
    for (const node of [...nodes, ...nodes, ...nodes, ...nodes]) {
      const name = /id="node">([^<]+)</.exec(await page(node.address))?.[1];
      expect(nodeNames).toContain(name);
      seen.add(name ?? "");
    }
    expect([...seen].sort()).toEqual(nodeNames);
  });

  test("the page opens from this machine through the forwarded port", async () => {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(shown().slice(shown().search(/^NODE +ROLE/m)))?.[0] ?? "";
    const { stdout } = await promisify(execFile)("curl", ["-sS", "--max-time", "20", url]);
    expect(stdout).toContain("hello from");
  });

  test("./farm ssh runs a command on the node that it names", async () => {
    expect((await farm.ok(["ssh", "worker2", "hostname"])).stdout.trim()).toBe("worker2");
    const missing = await farm.farm(["ssh", "worker9", "hostname"]);
    expect(missing.status).not.toBe(0);
    expect(missing.output).toContain("there is no node 'worker9'; there are: manager1, worker1, worker2, worker3");
  });

  test("another machine at a node's address is refused", async () => {
    const folder = join(farm.home, "s", "swarm-farm", farm.stack, "ssh");
    const known = join(folder, "worker1.known");
    const right = readFileSync(known, "utf8");
    const other = readFileSync(join(folder, "worker2.known"), "utf8").split(" ").slice(1).join(" ");
    await farm.ok(["run", "--", "ssh", "-F", join(folder, "config"), "-O", "exit", "worker1"]).catch(() => undefined);
    writeFileSync(known, `10.77.0.21 ${other}`);
    try {
      const refused = await farm.farm(["ssh", "worker1", "hostname"]);
      expect(refused.status).not.toBe(0);
      expect(refused.output).toMatch(/host key verification failed/i);
    } finally {
      writeFileSync(known, right);
    }
  });

  test("every node's console is in a log file", async () => {
    for (const name of nodeNames) {
      const log = await farm.ok(["run", "--", "cat", `/var/log/libvirt/qemu/${farm.stack}.${name}.console.log`]);
      expect(log.stdout).toContain(`swarm-farm: ${name} docker ready after`);
    }
  });
}
