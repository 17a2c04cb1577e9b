import { execFileSync } from "node:child_process";
import { origin, type TestFarm } from "../farm";
import { nodeNames } from "./swarm";
import { changesNothing } from "../unchanged";

/** When `up` ends well the farm works: whatever was there before, and though Pulumi has nothing to do. */
export function greenTests(farm: TestFarm): void {
  const rests = /✓ services +\d+ converged, \d+ routes? answers?/;

  test("all VMs lose power: up starts them, and ends when the site answers", async () => {
    await Promise.all(nodeNames.map((name) => farm.virsh("destroy", `${farm.stack}.${name}`)));
    const { output } = await farm.ok(["up"], { shown: true });
    for (const name of nodeNames) expect(output).toMatch(new RegExp(`✓ VMs +started .*${name}`));
    expect(output).toMatch(rests);
    expect(output).toMatch(changesNothing);
    expect(await farm.curl(["-o", "/dev/null", "-w", "%{http_code}", `${origin}/`])).toBe("200");
  });

  test("the host loses power with all that ran on it: up starts libvirt, its network and the VMs", async () => {
    const namespace = await farm.namespace();
    for (const pid of execFileSync("ip", ["netns", "pids", namespace], { encoding: "utf8" }).trim().split("\n"))
      process.kill(Number(pid), "SIGKILL");
    const { output } = await farm.ok(["up"], { shown: true });
    expect(output).toMatch(/✓ VMs/);
    expect(output).toMatch(rests);
    expect(await farm.curl(["-o", "/dev/null", "-w", "%{http_code}", `${origin}/`])).toBe("200");
  });

  test("a service that somebody removed is recreated without being asked for", async () => {
    await farm.docker("service", "rm", "hello");
    const { output } = await farm.ok(["up"], { shown: true });
    expect(output).toContain("service hello: is gone");
    expect(output).toMatch(rests);
    expect(await farm.docker("service", "ls", "--filter", "name=hello", "--format", "{{.Replicas}}")).toBe("4/4");
  });
}
