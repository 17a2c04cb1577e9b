import { origin, type TestFarm } from "../farm";
import { Load } from "../under-load";
import { deriveImage, registry } from "./derived-image";
import { changesNothing } from "../unchanged";

/** New images of php while requests go through the load balancer: a good one, and one that crashes. */
export function updateTests(farm: TestFarm): void {
  test("a new php image reaches every task while 3,000 requests go through the balancer, and none fails", async () => {
    const before = await images(farm);
    usePhp(farm, await deriveImage(farm, "php", "next", ['LABEL version="next"']));
    const load = Load.start(farm, `${origin}/`, { min: 3000, max: 12_000, clients: 3, pauseMs: 300 });
    await farm.change();
    const { sent, failures, seconds } = await load.stop();
    process.stdout.write(`${String(sent)} requests in ${String(seconds)} s during the update\n`);
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(3000);
    const now = await images(farm);
    expect(now).toHaveLength(before.length);
    expect(new Set(now).size).toBe(1);
    expect(now[0]).toContain(`${registry}/test/php@sha256:`);
  });

  test.each([
    [
      "that crashes",
      "crashing",
      'ENTRYPOINT ["/bin/sh", "-c", "echo cannot find my extension >&2; exit 3"]',
      [/task lamp-php\.\d on worker\d: .*non-zero exit \(3\)/, /cannot find my extension/],
    ],
    [
      "that never gets healthy",
      "deaf",
      'ENTRYPOINT ["/bin/sh", "-c", "echo I am here and deaf >&2; exec sleep 1000"]',
      [/task lamp-php\.\d on worker\d: .*unhealthy container/, /I am here and deaf/],
    ],
  ])("an image %s is taken back by Swarm, up says why, and nobody notices", async (_, tag, entrypoint, reasons) => {
    usePhp(farm, await deriveImage(farm, "php", tag, [entrypoint]));
    await expectTakenBack(farm, reasons);
  });

  test("an image that the nodes cannot pull is taken back too", async () => {
    usePhp(farm, await deriveImage(farm, "php", "unreachable", ['LABEL version="unreachable"']));
    const workers = ["worker1", "worker2", "worker3"];
    const cut = (how: "-I" | "-D") =>
      Promise.all(
        workers.map((node) => farm.ok(["ssh", node, `iptables ${how} OUTPUT -p tcp --dport 5000 -j REJECT`])),
      );
    await cut("-I");
    try {
      await expectTakenBack(farm, [/task lamp-php\.\d on worker\d: "?No such image: \S+\/test\/php@sha256/]);
    } finally {
      await cut("-D");
    }
  });

  test("with the farm's own image the next up is clean, and the one after it changes nothing", async () => {
    usePhp(farm, undefined);
    await farm.change();
    expect((await images(farm))[0]).toContain(`${registry}/swarm-farm/php@sha256:`);
    const again = await farm.change();
    expect(again.output).toMatch(changesNothing);
  });
}

/** Images that cannot be had: nothing changes. */
export function missingImageTests(farm: TestFarm): void {
  test("an image that does not exist is reported before anything changes", async () => {
    const before = await images(farm);
    usePhp(farm, `${registry}/test/php:nowhere`);
    const refused = await farm.pulumiUp();
    expect(refused.status).not.toBe(0);
    expect(refused.output).toContain(`image ${registry}/test/php:nowhere: its registry does not give it`);
    expect(await images(farm)).toEqual(before);
  });

  test("without its registry up says so, and running tasks keep running", async () => {
    await farm.ok(["docker", "service", "scale", "registry=0"]);
    usePhp(farm, `${registry}/test/php:other`);
    const refused = await farm.pulumiUp();
    await farm.ok(["docker", "service", "scale", "registry=1"]);
    usePhp(farm, undefined);
    expect(refused.status).not.toBe(0);
    expect(refused.output).toMatch(
      /image \S+\/test\/php:other: its registry does not give it.*(refused|timeout|no route)/s,
    );
  });
}

/** Fails `up` with the reasons, while everybody is still served by what ran before. */
async function expectTakenBack(farm: TestFarm, reasons: readonly RegExp[]): Promise<void> {
  const before = await images(farm);
  const load = Load.start(farm, `${origin}/`, { min: 50, max: 12_000 });
  const refused = await farm.pulumiUp();
  const { failures } = await load.stop();
  expect(refused.status).not.toBe(0);
  expect(refused.output).toContain("service lamp-php: the update failed and was rolled back");
  for (const reason of reasons) expect(refused.output).toMatch(reason);
  expect(failures).toEqual([]);
  expect(await images(farm)).toEqual(before);
}

/** The images that php's running tasks have. */
const images = (farm: TestFarm): Promise<string[]> => farm.runningTasks("lamp-php", "{{.Image}}");

/** Configures another image for php, or the farm's own. */
function usePhp(farm: TestFarm, image: string | undefined): void {
  farm.configure((config) => {
    const without = config.replace(/, php: \{ image: [^}]*\}/, "");
    return image === undefined
      ? without
      : without.replace(/lamp: \{ ?(contentDir: [^\s,}]+)/, `lamp: { $1, php: { image: "${image}" }`);
  });
}
