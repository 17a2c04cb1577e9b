import type { TestFarm } from "../../live/farm";
import { Load } from "../under-load";
import { withBalancer } from "./balancer";
import { deriveImage } from "./derived-image";

const origin = "https://10.78.0.11/";

/** New images of php while requests go through the load balancer: a good one, one that crashes, one that is not there. */
export function updateTests(farm: TestFarm): void {
  const docker = async (...args: string[]) => (await farm.ok(["docker", ...args])).stdout.trim();
  /** The images that php's running tasks have. */
  const running = async () => {
    const tasks = ["--filter", "desired-state=running", "--no-trunc", "--format", "{{.Image}}"];
    return (await docker("service", "ps", "lamp-php", ...tasks)).split("\n");
  };
  const usePhp = (image: string | undefined) => {
    farm.configure((config) => {
      const without = config.replace(/, php: \{ image: [^}]*\}/, "");
      return image === undefined
        ? without
        : without.replace(/lamp: \{ (content: \S+)/, `lamp: { $1, php: { image: "${image}" }`);
    });
  };

  test("a new php image reaches every task while 3,000 requests go through the balancer, and none fails", async () => {
    const before = await running();
    usePhp(await deriveImage(farm, "php", "next", ['LABEL version="next"']));
    const load = Load.start(farm, origin, { min: 3000, max: 12_000, clients: 4 });
    await farm.ok(["up"], { shown: true });
    const { sent, failures, seconds } = await load.stop();
    process.stdout.write(`${String(sent)} requests in ${String(seconds)} s during the update\n`);
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(3000);
    const now = await running();
    expect(now).toHaveLength(before.length);
    expect(new Set(now).size).toBe(1);
    expect(now[0]).toMatch(/^10\.78\.0\.11:5000\/test\/php@sha256:/);
  });

  test("an image that crashes is taken back by Swarm, up says why, and nobody notices", async () => {
    const before = await running();
    usePhp(
      await deriveImage(farm, "php", "broken", [
        'ENTRYPOINT ["/bin/sh", "-c", "echo cannot find my extension >&2; exit 3"]',
      ]),
    );
    const load = Load.start(farm, origin, { min: 50, max: 12_000 });
    const refused = await farm.farm(["up"], { shown: true });
    const { failures } = await load.stop();
    expect(refused.status).not.toBe(0);
    expect(refused.output).toContain("service lamp-php: the update failed and Swarm went back to the version before");
    expect(refused.output).toMatch(/task lamp-php\.\d on worker\d: .*non-zero exit \(3\)/);
    expect(refused.output).toContain("cannot find my extension");
    expect(failures).toEqual([]);
    expect(await running()).toEqual(before);
  });

  test("an image that does not exist is told before anything changes", async () => {
    const before = await running();
    usePhp("10.78.0.11:5000/test/php:nowhere");
    const refused = await farm.farm(["up"]);
    expect(refused.status).not.toBe(0);
    expect(refused.output).toContain("image 10.78.0.11:5000/test/php:nowhere: its registry does not give it");
    expect(await running()).toEqual(before);
  });

  test("without its registry up says so, and what runs keeps running", async () => {
    await farm.ok(["docker", "service", "scale", "registry=0"]);
    usePhp("10.78.0.11:5000/test/php:other");
    const refused = await farm.farm(["up"]);
    await farm.ok(["docker", "service", "scale", "registry=1"]);
    expect(refused.status).not.toBe(0);
    expect(refused.output).toMatch(
      /image 10\.78\.0\.11:5000\/test\/php:other: its registry does not give it.*(refused|timeout|no route)/s,
    );
  });

  test("with the farm's own image the next up is clean, a new label arrives, and the one after it changes nothing", async () => {
    usePhp(undefined);
    farm.configure(withBalancer({}));
    farm.configure((config) => config.replace("worker1:\n      role: worker", "$&\n      labels: { disk: ssd }"));
    await farm.ok(["up"], { shown: true });
    expect(await docker("node", "inspect", "worker1", "-f", "{{json .Spec.Labels}}")).toBe('{"disk":"ssd"}');
    expect((await running())[0]).toMatch(/^10\.78\.0\.11:5000\/swarm-farm\/php@sha256:/);
    const again = await farm.ok(["up"]);
    expect(again.output.slice(again.output.lastIndexOf("Resources:"))).toMatch(/^Resources:\n +\d+ unchanged\n/);
  });
}
