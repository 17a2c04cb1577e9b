import type { TestFarm } from "../farm";
import { until } from "../until";
import { deriveImage } from "./derived-image";

const minute = 60_000;

/** Where a node's cleanup remembers since when things are unused. */
const state = "/var/lib/swarm-farm/cleanup";

/** Data that would grow on nodes that run for years. */
export function hygieneTests(farm: TestFarm, nodes: readonly string[]): void {
  const on = async (node: string, script: string) => (await farm.ok(["ssh", node, script])).stdout.trim();

  test("no health check leaves a process behind", async () => {
    const [before, after] = (await on("manager1", askTwentyTimes)).split(" ");
    expect(after).toBe(before);
    // One that its parent is about to reap is none.
    const zombies = async (node: string) => on(node, "grep -hs '^State:.Z' /proc/[0-9]*/status | wc -l");
    for (const node of nodes)
      await until(`no zombie on ${node}`, async () => (await zombies(node)) === "0", minute / 2);
  });

  test("every node removes an image once nothing has used it for long enough, and no other", async () => {
    for (const node of nodes) {
      expect(
        await on(node, "systemctl is-enabled swarm-farm-cleanup.timer; systemctl is-active swarm-farm-cleanup.timer"),
      ).toBe("enabled\nactive");
      const containers = await on(node, "docker ps -q | sort");
      await on(node, "tar -c /etc/hostname 2>/dev/null | docker import -q - unused:1");
      await on(node, "systemctl start swarm-farm-cleanup");
      expect(await on(node, "docker image ls -q unused:1")).not.toBe("");
      await on(node, `sed -i -E 's/ [0-9]+$/ 1/' ${state}/images; systemctl start swarm-farm-cleanup`);
      expect(await on(node, "docker image ls -q unused:1")).toBe("");
      expect(await on(node, "docker ps -q | sort")).toBe(containers);
    }
  });

  test("the registry deletes images that no service uses, keeps those pushed by hand, and accepts pushes again", async () => {
    await deriveImage(farm, "hello", "kept", ["LABEL swarm-farm.test=kept"]);
    await deriveImage(farm, "hello", "unused", ["LABEL swarm-farm.test=unused"], "swarm-farm");
    await on("manager1", "systemctl start swarm-farm-cleanup");
    await on("manager1", `${age}; systemctl start swarm-farm-cleanup`);
    const tags = async () => on("manager1", `cd ${store}; echo */hello/_manifests/tags/*`);
    await until("the registry to delete it", async () => !(await tags()).includes("/unused"), 5 * minute);
    expect(await tags()).toBe("swarm-farm/hello/_manifests/tags/signed test/hello/_manifests/tags/kept");
    const running = async () => (await farm.runningTasks("registry", "{{.CurrentState}}")).join();
    await until("the registry to run again", async () => (await running()).startsWith("Running"), 5 * minute);
    await deriveImage(farm, "hello", "again", ["LABEL swarm-farm.test=again"]);
    for (const service of (await farm.docker("service", "ls", "-q")).split("\n")) {
      const image = await farm.docker(
        "service",
        "inspect",
        service,
        "-f",
        "{{.Spec.TaskTemplate.ContainerSpec.Image}}",
      );
      const [, name = "", digest = ""] = /(swarm-farm\/\w+)@sha256:(\w+)$/.exec(image) ?? [];
      if (name) await on("manager1", `test -e ${store}/${name}/_manifests/revisions/sha256/${digest}/link`);
    }
  });
}

/** Where the registry's driver keeps what its repositories have. */
const store = "/var/lib/docker/volumes/registry/_data/docker/registry/v2/repositories";

/** Makes all that is unused there old enough. */
const age = [
  `sed -i -E 's/ [0-9]+$/ 1/' ${state}/manifests`,
  `find ${store} -path '*/_manifests/revisions/*/link' -exec touch -d @1 {} +`,
  `find ${store} -path '*/_uploads/*' -exec touch -d @1 {} +`,
].join("; ");

/** On the registry's node: prints how many processes the registry's container has before and after. */
const askTwentyTimes = `set -eu
container=$(docker ps -q --no-trunc --filter label=com.docker.swarm.service.name=registry)
# Docker's own check may be running.
processes() { for each in 1 2 3; do grep -ls "$container" /proc/[0-9]*/cgroup | wc -l; sleep 2; done | sort -n | head -n 1; }
health=$(docker inspect "$container" -f '{{range $i, $word := .Config.Healthcheck.Test}}{{if $i}}{{$word}} {{end}}{{end}}')
before=$(processes)
for each in $(seq 20); do docker exec "$container" $health; done
echo "$before $(processes)"`;
