/** The services of `logs` in the swarm, and their ports in their containers. */
export const services = {
  /** VictoriaLogs. */
  store: { name: "logs-store", port: 9428 },
  /** One on every node: reads what its containers print. */
  tasks: { name: "logs-tasks", port: 9429 },
  /** One on every node: reads its journal. */
  journal: { name: "logs-journal" },
} as const;

/** Limits of the services; the store's memory is a key. */
export const limits = { store: { cpus: 0.5 }, sender: { cpus: 0.25, memoryMiB: 64 } } as const;

/** The route to VictoriaLogs' page. */
export const route = "logs";

/** A node's folder with what has been sent, and what waits. */
export const nodeFolder = "/var/lib/swarm-farm/logs";
