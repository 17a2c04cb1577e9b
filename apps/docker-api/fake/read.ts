import { renderConfig, renderNode, renderService, renderTask } from "./render.ts";
import type { FakeTask } from "./shapes.ts";
import { imageOf } from "./spec.ts";
import type { FakeSwarm } from "./swarm.ts";
import { Refusal } from "./write.ts";

type Filters = Readonly<Record<string, readonly string[] | undefined>>;

function tasksOf(swarm: FakeSwarm, filters: Filters): readonly FakeTask[] {
  const isUpToDate = ({ serviceId, template }: FakeTask): boolean => {
    const service = swarm.services.get(serviceId);
    return service !== undefined && imageOf(service.spec.TaskTemplate) === imageOf(template);
  };
  return [...swarm.tasks.values()].filter(
    (task) =>
      (filters.id?.includes(task.id) ?? true) &&
      (filters.service?.includes(task.serviceId) ?? true) &&
      (filters["desired-state"]?.includes(task.desired) ?? true) &&
      (!filters["_up-to-date"] || isUpToDate(task)),
  );
}

/** The JSON answer to a GET about the swarm's objects. */
export function read(swarm: FakeSwarm, path: string, query: URLSearchParams): unknown {
  const filters = JSON.parse(query.get("filters") ?? "{}") as Filters;
  if (path === "/nodes") return [...swarm.nodes.values()].map(renderNode);
  if (path === "/services") return [...swarm.services.values()].map((one) => renderService(swarm, one));
  if (path === "/tasks") return tasksOf(swarm, filters).map(renderTask);
  if (path === "/configs") {
    // Docker filters by the beginning of a name.
    const starts = (name: string): boolean => filters.name?.some((beginning) => name.startsWith(beginning)) ?? true;
    return [...swarm.configs.values()].filter(({ name }) => starts(name)).map(renderConfig);
  }
  const service = swarm.services.get(path.replace("/services/", ""));
  if (!service) throw new Refusal(404, path.startsWith("/services/") ? `service ${path} not found` : "page not found");
  return renderService(swarm, service);
}

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

/** A task's log: 30 lines on one stream and one on the other. */
export function logOf(swarm: FakeSwarm, id: string): Buffer {
  const at = new Date(swarm.now()).toISOString();
  const lines = Array.from({ length: 30 }, (_, i) => frame(1, `${at} GET /page/${i} 200 ${id}\n`));
  return Buffer.concat([...lines, frame(2, `${at} warning: <b>not bold</b> ünïcode 漢字\n`)]);
}
