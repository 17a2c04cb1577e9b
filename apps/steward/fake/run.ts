import { startFakeDaemon } from "./daemon.ts";
import { FakeSwarm } from "./swarm.ts";

/** A manager to try the steward on: three workers, two services, and a worker that is lost and comes back. */
const awayMs = 20_000;
const hereMs = 120_000;

const swarm = new FakeSwarm(Math.random);
const workers = ["worker-1", "worker-2", "worker-3"].map((name) => swarm.addNode(name));
for (const [name, Replicas] of [
  ["web", 6],
  ["api", 4],
] as const) {
  swarm.addService({
    Name: name,
    TaskTemplate: { ContainerSpec: { Image: `${name}:1` } },
    Mode: { Replicated: { Replicas } },
  });
}

const daemon = await startFakeDaemon(swarm, Number(process.argv[2] ?? 2375));
console.log(`DOCKER_HOST=${daemon.host}`);
let said = "";
let past = 0;
setInterval(() => {
  swarm.advance(1_000);
  past = (past + 1_000) % (awayMs + hereMs);
  const last = workers.at(-1);
  if (last) swarm.setNode(last, { state: past < awayMs ? "down" : "ready" });
  const now = [...swarm.services.values()]
    .map((service) => `${service.spec.Name} ${JSON.stringify(swarm.counts(service))}`)
    .join("  ");
  if (now !== said) console.log(now);
  said = now;
}, 1_000);
