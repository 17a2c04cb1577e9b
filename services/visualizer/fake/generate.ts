import { FakeSwarm } from "./swarm.ts";

const images = ["nginx:1.27", "redis:7.4", "postgres:16", "registry.example/shop/api:2.14.1", "traefik:3.2"];
const names = ["web", "api", "cache", "queue", "search", "mail", "billing", "images", "auth", "worker"];

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
  const swarm = new FakeSwarm();
  const started = Date.now() - 3 * 86_400_000;
  let step = 0;
  // Everything came to be over three days, not in one moment.
  swarm.now = () => Math.min(started + step++ * 97_000, Date.now() - 60_000);
  const managers = nodes >= 5 ? 3 : 1;
  for (let i = 1; i <= nodes; i++) {
    const manager = i <= managers;
    swarm.addNode({
      hostname: manager ? `manager${i}` : `worker${i - managers}`,
      role: manager ? "manager" : "worker",
      labels: i % 3 === 0 ? { disk: "ssd", zone: `z${i % 2}` } : i % 3 === 1 ? { zone: `z${i % 2}` } : undefined,
      cpus: manager ? 4 : 16,
      memoryGiB: manager ? 8 : 32,
    });
  }
  swarm.addService({ name: "agent", mode: "global", image: "prom/node-exporter:1.8", memoryMiB: 32 });
  const count = Math.max(2, Math.min(40, Math.round(tasks / 8)));
  const left = tasks - nodes - 1;
  for (let i = 0; i < count; i++) {
    const round = Math.floor(i / names.length);
    swarm.addService({
      name: `${names[i % names.length] ?? "web"}${round > 0 ? `-${round + 1}` : ""}`,
      image: images[i % images.length] ?? "nginx:1.27",
      cpus: [0.1, 0.25, 0.05][i % 3] ?? 0.1,
      memoryMiB: [128, 256, 64][i % 3] ?? 64,
      port: i < 4 ? 8080 + i : undefined,
      replicas: Math.floor(left / count) + (i < left % count ? 1 : 0),
    });
  }
  swarm.addService({ name: "training", image: "example/gpu-job:5", constraint: "gpu=true", replicas: 1 });
  swarm.now = () => Date.now();
  return swarm;
}

/** One random thing of the kind that happens in a swarm all day. */
export function churn(swarm: FakeSwarm, random: () => number): void {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const replicated = [...swarm.services.values()].filter((one) => one.mode === "replicated" && !one.constraint);
  const service = pick(replicated);
  const node = pick([...swarm.nodes.values()].filter((one) => one.role === "worker"));
  if (!service || !node) return;
  const dice = random();
  if (dice < 0.6) {
    const task = pick(swarm.alive(service.id));
    if (task) swarm.kill(task);
  } else if (dice < 0.85) {
    // Up and down again, so that the swarm keeps its size.
    swarm.scale(service, Math.max(1, service.replicas + (service.version % 2 ? 1 : -1)));
  } else if (dice < 0.97) {
    if (service.update?.state === "updating") swarm.updateNext(service);
    else
      swarm.startUpdate(
        service,
        service.image.replace(/(\d+)$/, (digits) => String((Number(digits) % 90) + 1)),
      );
  } else if (node.availability !== "active") swarm.setNode(node, { availability: "active" });
  else swarm.setNode(node, { availability: "drain" });
}
