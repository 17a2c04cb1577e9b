import { availableParallelism, loadavg } from "node:os";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { sampleSpec } from "../fake/sample.ts";
import { listen, type Listening, visualizer } from "../fake/run.ts";
import { FakeSwarm } from "@swarm-farm/docker-api/fake";
import type { Running } from "../server/serve.ts";
import type { Snapshot, Update } from "../shared/wire.ts";

/** A fake swarm, its daemon, and the real server in front of it. */
export interface Stage {
  readonly swarm: FakeSwarm;
  readonly docker: Listening;
  readonly server: Running;
  readonly url: string;
}

/** Three nodes and two services: enough for most tests. */
export function smallSwarm(): FakeSwarm {
  const swarm = FakeSwarm.live();
  swarm.addNode("manager1", { role: "manager", labels: { zone: "a" } });
  swarm.addNode("worker1", { labels: { zone: "b" } });
  swarm.addNode("worker2");
  swarm.addService(sampleSpec("web", { replicas: 5, ports: [8080] }));
  swarm.addService(sampleSpec("agent", { global: true, image: "prom/node-exporter:1.8" }));
  return swarm;
}

/** Starts everything for one test, and ends it with the test. */
export async function stage(
  t: Pick<TestContext, "after">,
  swarm: FakeSwarm,
  environment: Readonly<Record<string, string>> = {},
  print?: (line: string) => void,
): Promise<Stage> {
  const docker = await listen(swarm);
  const server = await visualizer(docker.socket, environment, print);
  t.after(async () => {
    await server.stop();
    await docker.close();
  });
  return { swarm, docker, server, url: `http://127.0.0.1:${server.port}/` };
}

/** Whether others have the processors; only then is a thing given more time than people would give it. */
export const crowded = (): boolean => (loadavg()[0] ?? 0) > availableParallelism();

/** How long to wait for what should take `ms`. */
export const allowance = (ms: number): number => (crowded() ? 8 * ms : ms);

/** Calls `look` again and again until it returns true. */
export async function until(what: string, look: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  const end = performance.now() + allowance(ms);
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(20);
  }
}

/** Waits for the first reading. */
export const untilRead = ({ server }: Stage): Promise<void> =>
  until("the swarm is read", () => server.hub.clusterState.nodes.size > 0);

/** The snapshot as a viewer gets it. */
export async function readState(url: string): Promise<Snapshot> {
  const answer = await fetch(`${url}state`);
  return (await answer.json()) as Snapshot;
}

/** One message of a stream. */
export interface Message {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** The messages in a piece of a stream. */
export function messagesOf(text: string): readonly Message[] {
  return text
    .split("\n\n")
    .filter(Boolean)
    .map((block) => {
      const lines = block.split("\n");
      const field = (name: string): string =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? "";
      return { event: field("event"), id: field("id"), data: field("data") };
    });
}

/** A viewer that keeps all it is sent. */
export async function view(url: string, mark: string): Promise<{ text: () => string; leave: () => void }> {
  const leave = new AbortController();
  const answer = await fetch(`${url}stream?since=${mark}`, { signal: leave.signal });
  let text = "";
  const reading = async (): Promise<void> => {
    if (!answer.body) return;
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) text += chunk;
  };
  reading().catch(() => undefined);
  return {
    text: () => text,
    leave: () => {
      leave.abort();
    },
  };
}

/** The updates among messages. */
export const updatesOf = (messages: readonly Message[]): readonly Update[] =>
  messages.filter((one) => one.event === "update").map((one) => JSON.parse(one.data) as Update);
