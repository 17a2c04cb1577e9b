import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Docker } from "@swarm-farm/docker-api";
import { FakeSwarm, serviceSpec, startFakeDaemon } from "@swarm-farm/docker-api/fake";
import { Reader } from "../../server/docker/reader.ts";

/** A reader of a swarm with one node and one service, and the tasks lists it has asked for since the last call. */
async function reading(t: TestContext, replicas: number) {
  const swarm = FakeSwarm.live();
  swarm.addNode("worker1", { nanoCpus: 1e15 });
  const service = swarm.addService(serviceSpec("web", { replicas }));
  const daemon = await startFakeDaemon(swarm);
  const docker = new Docker(daemon.host, { connections: 8 });
  t.after(() => Promise.all([docker.close(), daemon.close()]));
  const requested = (): Record<string, string[]>[] =>
    daemon.requests
      .splice(0)
      .filter(({ url }) => url.includes("/tasks?"))
      .map(
        ({ url }) => JSON.parse(new URL(url, "http://x").searchParams.get("filters") ?? "") as Record<string, string[]>,
      );
  return { swarm, service, daemon, requested, reader: new Reader(docker) };
}
const states = (tasks: readonly { readonly state: string }[]): string[] => tasks.map(({ state }) => state).sort();

test("a task that ended is shown for half a minute more, though Docker keeps it for longer", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const { swarm, service, reader, requested } = await reading(t, 2);
  assert.deepEqual(states((await reader.read()).tasks), ["running", "running"]);
  const [task] = swarm.alive(service);
  assert.ok(task);
  swarm.kill(task);
  assert.deepEqual(states((await reader.read()).tasks), ["failed", "running", "running"]);
  t.mock.timers.tick(30_000);
  assert.deepEqual(states((await reader.read()).tasks), ["failed", "running", "running"]);
  t.mock.timers.tick(1);
  requested();
  assert.deepEqual(states((await reader.read()).tasks), ["running", "running"]);
  assert.deepEqual(requested().flatMap(Object.keys), ["desired-state"], "and it is not asked for any more");
});

test("however many tasks end at once, at most 300 are followed, in requests of at most 100", async (t) => {
  const { swarm, service, reader, requested } = await reading(t, 420);
  await reader.read();
  requested();
  swarm.scale(service, 1);
  const { tasks } = await reader.read();
  assert.deepEqual([tasks.length, tasks.filter(({ state }) => state === "running").length], [301, 1]);
  assert.deepEqual(
    requested().map(({ id }) => id?.length),
    [undefined, 100, 100, 100],
  );
});

test("tasks that Docker has forgotten are no fault, and a reading that fails leaves the next one whole", async (t) => {
  const { swarm, service, reader, daemon } = await reading(t, 3);
  await reader.read();
  swarm.removeService(service);
  daemon.fault = (_, path) => (path.endsWith("/services") ? "before" : undefined);
  await assert.rejects(reader.read());
  daemon.fault = () => undefined;
  const { nodes, services, tasks } = await reader.read();
  assert.deepEqual([nodes.length, services.length, tasks.length], [1, 0, 0]);
});

test("only of services that are being updated or rolled back it is counted how far that is", async (t) => {
  const { swarm, service, reader } = await reading(t, 3);
  swarm.addService(serviceSpec("api", { replicas: 2 }));
  const done = async () => (await reader.read()).services.map(({ update }) => update?.done);
  assert.deepEqual(await done(), [undefined, undefined]);
  swarm.startUpdate(service, "nginx:1.28");
  assert.deepEqual(await done(), [0, undefined]);
  swarm.updateNext(service);
  assert.deepEqual(await done(), [1, undefined]);
  service.update = { state: "rollback_started" };
  assert.deepEqual(await done(), [1, undefined]);
  service.update = { state: "paused" };
  assert.deepEqual(await done(), [undefined, undefined]);
});
