import { FakeSwarm, serviceSpec, startFakeDaemon } from "@swarm-farm/docker-api/fake";

/** A manager to try the steward on: three workers, two services, and a worker that is lost and comes back. */
const awayMs = 20_000;
const hereMs = 120_000;

const swarm = new FakeSwarm({ random: Math.random });
const workers = ["worker-1", "worker-2", "worker-3"].map((name) => swarm.addNode(name));
swarm.addService(serviceSpec("web", { replicas: 6 }));
swarm.addService(serviceSpec("api", { replicas: 4 }));

const daemon = await startFakeDaemon(swarm, Number(process.argv[2] ?? 2375));
console.log(`DOCKER_HOST=${daemon.host}`);
let printed = "";
let past = 0;
setInterval(() => {
  swarm.advance(1_000);
  past = (past + 1_000) % (awayMs + hereMs);
  const last = workers.at(-1);
  if (last) swarm.setNode(last, { state: past < awayMs ? "down" : "ready" });
  const now = [...swarm.services.values()]
    .map((service) => `${service.spec.Name} ${JSON.stringify(swarm.counts(service))}`)
    .join("  ");
  if (now !== printed) console.log(now);
  printed = now;
}, 1_000);
