import fc from "fast-check";
import { toNode, toService, toTask } from "../src/docker/project.ts";
import { nodeShape, serviceShape, taskShape } from "@swarm-farm/docker-api";
import {
  type FakeService,
  type FakeSpec,
  FakeSwarm,
  renderNode,
  renderService,
  renderTask,
  serviceSpec,
  type SpecOptions,
} from "@swarm-farm/docker-api/fake";
import type { Service, Snapshot } from "../src/shared/model.ts";

/** The spec of a service with four replicas, unless the options say otherwise. */
export const specOf = (name: string, options: SpecOptions = {}): FakeSpec =>
  serviceSpec(name, { replicas: 4, image: "web:1", env: ["KEEP=me"], ...options });

/** The fake swarm as the steward reads it. */
export function snapshotOf(swarm: FakeSwarm): Snapshot {
  return {
    nodes: [...swarm.nodes.values()].map((one) => toNode(nodeShape.parse(renderNode(one)))),
    services: [...swarm.services.values()].map((one) => toService(serviceShape.parse(renderService(swarm, one)))),
    tasks: [...swarm.tasks.values()].map((one) => toTask(taskShape.parse(renderTask(one)))),
  };
}

/** A service as the steward reads it. */
export function serviceOf(swarm: FakeSwarm, { id }: FakeService): Service {
  const found = snapshotOf(swarm).services.find((service) => service.id === id);
  if (!found) throw new Error(`no service ${id}`);
  return found;
}

/** A swarm of so many workers in which one was lost and came back while a service ran. */
export function unevenSwarm(workers: number, options: SpecOptions = {}): { swarm: FakeSwarm; service: FakeService } {
  const swarm = new FakeSwarm();
  const nodes = Array.from({ length: workers }, (_, i) => swarm.addNode(`worker-${i + 1}`));
  const last = nodes.at(-1);
  if (!last) throw new Error("a swarm needs a worker");
  const service = swarm.addService(specOf("web", options));
  swarm.advance(10_000);
  swarm.setNode(last, { state: "down" });
  swarm.advance(10_000);
  swarm.setNode(last, { state: "ready" });
  swarm.advance(10_000);
  return { swarm, service };
}

/** Numbers between 0 and 1 that depend on a seed only. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Park and Miller's generator, of which the seed must not be 0.
    state = ((state || 1) * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const anyNode = fc.record({
  cpus: fc.integer({ min: 1, max: 4 }),
  zone: fc.constantFrom("a", "b"),
  // Most nodes take part; a paused one keeps its tasks and takes no more.
  availability: fc.constantFrom("active", "active", "active", "pause", "drain"),
  lost: fc.boolean(),
});

const anyService = fc.record({
  replicas: fc.nat(9),
  cpus: fc.constantFrom(0, 0, 0.5, 1),
  maxPerNode: fc.constantFrom(0, 0, 2, 3),
  constraints: fc.constantFrom([], [], ["node.labels.zone==a"], ["node.hostname!=n1"]),
  spread: fc.constantFrom<string[][]>([], [], ["node.labels.zone"]),
});

/** A swarm in which some nodes were lost, came back, and were paused or drained; all tasks have settled. */
export const anySwarm: fc.Arbitrary<FakeSwarm> = fc
  .record({
    seed: fc.integer({ min: 1 }),
    nodes: fc.array(anyNode, { minLength: 1, maxLength: 6 }),
    services: fc.array(anyService, { minLength: 1, maxLength: 3 }),
  })
  .map(({ seed, nodes, services }) => {
    const swarm = new FakeSwarm({ random: randomFrom(seed) });
    const added = nodes.map(({ cpus, zone, lost }, i) =>
      swarm.addNode(`n${i + 1}`, { nanoCpus: cpus * 1e9, labels: { zone }, state: lost ? "down" : "ready" }),
    );
    services.forEach((options, i) => swarm.addService(specOf(`s${i + 1}`, options)));
    swarm.advance(60_000);
    added.forEach((node, i) => {
      swarm.setNode(node, { state: "ready", availability: nodes[i]?.availability ?? "active" });
    });
    swarm.advance(60_000);
    return swarm;
  });
