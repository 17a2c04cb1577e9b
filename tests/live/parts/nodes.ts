import { changedResources, type TestFarm } from "../farm";
import { nodeNames } from "./swarm";

/** Changes of nodes in place. */
export function nodeTests(farm: TestFarm): void {
  test("replicas change in place, a label comes, and a node that gets more memory keeps its disk and its place", async () => {
    await farm.ok(["ssh", "worker2", "echo kept >/var/lib/mark"]);
    farm.configure((config) =>
      config
        .replace("port: 8080", "port: 8080\n    replicas: 5")
        .replace("worker1:\n      role: worker", "$&\n      labels: { disk: ssd }")
        .replace("worker2:\n      role: worker", "$&\n      memoryMiB: 1200"),
    );
    const preview = await farm.ok(["preview"]);
    const names = changedResources(preview.output);
    expect(names.filter((name) => !name.includes("worker2"))).toEqual([
      "hello-converged",
      "hello-service",
      "worker1-label-disk",
    ]);
    expect(names).not.toContain("worker2-disk");

    await farm.change();
    expect(await farm.docker("service", "ls", "--filter", "name=hello", "--format", "{{.Replicas}}")).toBe("5/5");
    expect(await farm.docker("node", "inspect", "worker1", "-f", "{{json .Spec.Labels}}")).toBe('{"disk":"ssd"}');
    expect((await farm.ok(["ssh", "worker2", "cat /var/lib/mark"])).stdout.trim()).toBe("kept");
    const lines = (await farm.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}")).split("\n");
    expect(lines.sort()).toEqual(nodeNames.map((name) => `${name} Ready`));
    const memory = "{{.Description.Resources.MemoryBytes}}";
    expect(Number(await farm.docker("node", "inspect", "worker2", "-f", memory))).toBeGreaterThan(1100 * 1024 ** 2);
  });

  test("a label that is no longer configured goes from its node, and nothing else changes", async () => {
    farm.configure((config) => config.replace("\n      labels: { disk: ssd }", ""));
    expect(changedResources((await farm.change()).output)).toEqual(["worker1-label-disk"]);
    expect(await farm.docker("node", "inspect", "worker1", "-f", "{{json .Spec.Labels}}")).toBe("{}");
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
