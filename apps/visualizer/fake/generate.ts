import { FakeSwarm, imageOf, replicasOf } from "@swarm-farm/docker-api/fake";
import { sampleSpec } from "./sample.ts";

/** Name, image, and how many tasks it has compared to others. */
const kinds = [
  ["web", "nginx:1.27", 8],
  ["api", "registry.example/shop/api:2.14.1", 8],
  ["cache", "redis:7.4", 5],
  ["queue", "rabbitmq:4.0", 3],
  ["search", "opensearch:2.17", 5],
  ["mail", "registry.example/shop/mail:1.9.3", 2],
  ["billing", "registry.example/shop/billing:3.2.4", 4],
  ["images", "registry.example/shop/images:0.8.1", 5],
  ["auth", "registry.example/shop/auth:5.0.2", 4],
  ["worker", "registry.example/shop/worker:2.14.1", 6],
] as const;

/** A pseudo random number from 0 up to 1, the same for the same place in the same series. */
export function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A swarm of a given size, with everything the page has to show somewhere in it. */
export function generateSwarm(nodes: number, tasks: number): FakeSwarm {
  const swarm = FakeSwarm.live();
  const started = Date.now() - 3 * 86_400_000;
  let step = 0;
  // Everything came to be over three days, not in one moment.
  swarm.now = () => Math.min(started + step++ * 97_000, Date.now() - 60_000);
  const managers = nodes >= 5 ? 3 : 1;
  for (let i = 1; i <= nodes; i++) {
    const manager = i <= managers;
    swarm.addNode(manager ? `manager${i}` : `worker${i - managers}`, {
      role: manager ? "manager" : "worker",
      labels:
        i % 3 === 0
          ? { disk: "ssd", zone: "abc"[i % 3] ?? "a" }
          : i % 3 === 1
            ? { zone: "abc"[i % 3] ?? "a" }
            : undefined,
      nanoCpus: (manager ? 4 : 8) * 1e9,
      memoryBytes: (manager ? 8 : 16) * 1024 ** 3,
    });
  }
  swarm.addService(sampleSpec("agent", { global: true, image: "prom/node-exporter:1.8", memoryMiB: 32 }));
  const count = Math.max(2, Math.min(40, Math.round(tasks / 6)));
  const chosen = Array.from({ length: count }, (_, i) => kinds[i % kinds.length] ?? kinds[0]);
  const whole = chosen.reduce((sum, [, , weight]) => sum + weight, 0);
  // Nodes are well used, and not over the brim, however many tasks there are.
  const share = Math.min(1, (nodes * 12) / tasks);
  let left = tasks - nodes - 1;
  let leftWeight = whole;
  for (const [i, [name, image, weight]] of chosen.entries()) {
    const round = Math.floor(i / kinds.length);
    const replicas = Math.round((left * weight) / leftWeight);
    left -= replicas;
    leftWeight -= weight;
    const options = {
      image,
      cpus: share * ([0.25, 0.5, 0.1][i % 3] ?? 0.1),
      memoryMiB: share * ([256, 512, 128][i % 3] ?? 64),
      ports: i < 4 ? [8080 + i] : [],
      replicas,
    };
    swarm.addService(sampleSpec(`${name}${round > 0 ? `-${round + 1}` : ""}`, options));
  }
  swarm.addService(
    sampleSpec("training", {
      image: "registry.example/lab/training:5",
      constraints: ["node.labels.gpu==true"],
      replicas: 1,
    }),
  );
  swarm.now = () => Date.now();
  return swarm;
}

/** One random thing of the kind that happens in a swarm all day. */
export function churn(swarm: FakeSwarm, random: () => number): void {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const replicated = [...swarm.services.values()].filter(
    ({ spec }) => spec.Mode.Replicated && !spec.TaskTemplate.Placement?.Constraints?.length,
  );
  const service = pick(replicated);
  const node = pick([...swarm.nodes.values()].filter((one) => one.role === "worker"));
  if (!service || !node) return;
  const dice = random();
  if (dice < 0.6) {
    const task = pick(swarm.alive(service));
    if (task) swarm.kill(task);
  } else if (dice < 0.85) {
    // Up and down again, so that the swarm keeps its size.
    swarm.scale(service, Math.max(1, replicasOf(service) + (service.version % 2 ? 1 : -1)));
  } else if (dice < 0.97) {
    if (service.update?.state === "updating") swarm.updateNext(service);
    else
      swarm.startUpdate(
        service,
        imageOf(service.spec.TaskTemplate).replace(/(\d+)$/, (digits) => String((Number(digits) % 90) + 1)),
      );
  } else if (node.availability !== "active") swarm.setNode(node, { availability: "active" });
  else swarm.setNode(node, { availability: "drain" });
}
