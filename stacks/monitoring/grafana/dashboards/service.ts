import { dashboardOf, height } from "./dashboard";
import { countedByNode, cpus, memory, ofService } from "./expressions";
import type { Measured } from "./measured";
import { graph, number } from "./panels";

/** One service: whether its tasks run, where, and what they use. */
export function serviceDashboard({ scrapeSeconds }: Measured) {
  return dashboardOf(
    {
      name: "service",
      title: "Service",
      description: "Whether a service's tasks run, where, and what they use.",
      variable: { name: "service", metric: "swarm_farm_service_desired_tasks", label: "service" },
      rows: [
        { height: height.numbers, panels: [running, failed, rolledBack] },
        { height: height.graphs, panels: [tasks, nodes] },
        { height: height.graphs, panels: [tasksCpu, tasksMemory] },
        { height: height.graphs, panels: [ages] },
      ],
    },
    scrapeSeconds,
  );
}

/** A metric of the swarm about the chosen service. */
const of = (metric: string) => `swarm_farm_service_${metric}{service="$service"}`;

const running = number(
  { title: "Missing tasks", description: "Tasks that should run, and do not.", red: { from: 1 } },
  { expression: `${of("desired_tasks")} - ${of("running_tasks")}` },
);

const failed = number(
  { title: "Failed tasks", description: "Tasks that failed within ten minutes.", red: { from: 3 } },
  { expression: of("failed_tasks") },
);

const rolledBack = number(
  {
    title: "Update failed",
    description: "1 if the last update was rolled back, or stopped halfway.",
    red: { from: 1 },
  },
  { expression: of("update_failed") },
);

const tasks = graph(
  {
    title: "Tasks",
    description: "Tasks that should run, that run and are healthy, and the most that its policy allows.",
  },
  { expression: of("desired_tasks"), legend: "desired" },
  { expression: of("running_tasks"), legend: "running" },
  // Without a policy their number stays.
  { expression: `${of("max_replicas")} or ${of("desired_tasks")}`, legend: "at most" },
);

const nodes = graph(
  { title: "Tasks by node", description: "Where its tasks run.", stacked: true },
  { expression: countedByNode(`container_last_seen${ofService}`), legend: "{{node}}" },
);

const tasksCpu = graph(
  { title: "CPU by task", description: "CPUs that each task uses." },
  { expression: `sum by (name) (${cpus(ofService)})`, legend: "{{name}}" },
);

const tasksMemory = graph(
  { title: "Memory by task", description: "Memory that each task uses, and its limit; 0 is none.", unit: "bytes" },
  { expression: `sum by (name) (${memory(ofService)})`, legend: "{{name}}" },
  { expression: `max(container_spec_memory_limit_bytes${ofService})`, legend: "limit" },
);

const ages = graph(
  {
    title: "Age of tasks",
    description: "The time since each task was started: a fall is a restart.",
    unit: "dtdurations",
  },
  { expression: `time() - container_start_time_seconds${ofService}`, legend: "{{name}}" },
);
