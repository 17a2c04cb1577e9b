import { addresses, changedResources, type TestFarm } from "../farm";
import { Load } from "../under-load";
import { nodeNames } from "./swarm";

/** Changes by another node besides its own resources: its name in the network, and one more hello. */
const forNodes = ["hello-converged", "hello-service", "local-network"];

/** Nodes that change, come and go, on a farm that runs hello alone. */
export function nodeTests(farm: TestFarm): void {
  const nodes = async (format: string) => (await farm.docker("node", "ls", "--format", format)).split("\n").sort();
  const hello = () => farm.docker("service", "ls", "--filter", "name=hello", "--format", "{{.Replicas}}");

  test("a node joins, another gets more memory and keeps its disk and its address, a label is added: nothing else is touched", async () => {
    await farm.ok(["ssh", "worker2", "echo kept >/var/lib/mark"]);
    farm.configure((config) =>
      config
        .replace("worker1:\n      role: worker", "$&\n      labels: { disk: ssd }")
        .replace("worker2:\n      role: worker", "$&\n      memoryMiB: 1200")
        .replace("worker3:\n", "worker4:\n      role: worker\n      storageDriver: btrfs\n    $&"),
    );
    const preview = await farm.ok(["preview"]);
    const names = changedResources(preview.output);
    expect(names.filter((name) => !/worker[24]/.test(name))).toEqual([...forNodes, "worker1-label-disk"]);
    expect(names).not.toContain("worker2-disk");

    await farm.change();
    expect(await hello()).toBe("5/5");
    expect(await farm.docker("node", "inspect", "worker1", "-f", "{{json .Spec.Labels}}")).toBe('{"disk":"ssd"}');
    expect((await farm.ok(["ssh", "worker2", "cat /var/lib/mark"])).stdout.trim()).toBe("kept");
    expect(await nodes("{{.Hostname}} {{.Status}}")).toEqual([...nodeNames, "worker4"].map((name) => `${name} Ready`));
    const driver = async (node: string) => (await farm.ok(["ssh", node, "docker info -f '{{.Driver}}'"])).stdout.trim();
    expect([await driver("worker1"), await driver("worker4")]).toEqual(["overlay2", "btrfs"]);
    const memory = "{{.Description.Resources.MemoryBytes}}";
    expect(Number(await farm.docker("node", "inspect", "worker2", "-f", memory))).toBeGreaterThan(1100 * 1024 ** 2);
  });

  test("a drained node's tasks run elsewhere, a label that is no longer configured goes, and nothing else changes", async () => {
    farm.configure((config) =>
      config
        .replace("\n      labels: { disk: ssd }", "")
        .replace("worker4:\n      role: worker", "$&\n      availability: drain"),
    );
    expect(changedResources((await farm.change()).output)).toEqual(["worker1-label-disk", "worker4-availability"]);
    expect(await farm.docker("node", "inspect", "worker1", "-f", "{{json .Spec.Labels}}")).toBe("{}");
    expect(await nodes("{{.Hostname}} {{.Availability}}")).toContain("worker4 Drain");
    expect(await farm.docker("node", "ps", "worker4", "-q", "--filter", "desired-state=running")).toBe("");
    expect(await hello()).toBe("5/5");
  });

  test("a node that is no longer configured leaves the swarm before its VM goes, and no request fails", async () => {
    farm.configure((config) => config.replace(/ *worker4:\n(?: {6}.*\n)+/, ""));
    const load = Load.start(farm, `http://${addresses.manager1}:8080/`, { min: 50, max: 5000 });
    const names = changedResources((await farm.change()).output);
    expect((await load.stop()).failures).toEqual([]);
    expect(names.filter((name) => !name.includes("worker4"))).toEqual(forNodes);
    expect(await nodes("{{.Hostname}} {{.Status}}")).toEqual(nodeNames.map((name) => `${name} Ready`));
    expect(await hello()).toBe("4/4");
    expect((await farm.ok(["run", "--", "virsh", "list", "--all", "--name"])).stdout).not.toContain("worker4");
  });

  test("a node that is not like the others fails up, which names it, and passes again when it is", async () => {
    const report = /urn:\S+::worker1-report/.exec((await farm.withEnv("pulumi stack --show-urns")).stdout)?.[0] ?? "";
    const status = "/var/lib/dpkg/status";
    await farm.ok([
      "ssh",
      "worker1",
      `cp ${status} ${status}.kept && sed -i '/^Package: curl$/,/^$/s/^Version: .*/Version: 99/' ${status}`,
    ]);
    try {
      const refused = await farm.pulumiUp("--replace", report, "--target", report);
      expect(refused.status).not.toBe(0);
      expect(refused.output).toMatch(/nodes differ in patch level: worker1 has packages '\w+', manager1 has '\w+'/);
    } finally {
      await farm.ok(["ssh", "worker1", `mv ${status}.kept ${status}`]);
    }
    await farm.change("--replace", report, "--target", report);
  });
}
