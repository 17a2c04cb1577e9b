/** How large a farm is. */
export interface Size {
  readonly nodes: number;
  readonly services: number;
}

/** Services of one compose file. */
export const servicesOfStack = 10;

/** Managers of a farm: Docker's advice for one that survives the loss of one. */
const managers = 3;

/** The compose file of each stack: ten services with an image of the farm's own, so that nothing is fetched. */
export function composeFile(): string {
  const service = { image: "swarm-farm/hello", deploy: { replicas: 1, resources: { limits: { memory: "32M" } } } };
  const names = Array.from({ length: servicesOfStack }, (_, at) => `s${String(at + 1)}`);
  return JSON.stringify({ services: Object.fromEntries(names.map((name) => [name, service])) });
}

/**
 * The configuration of a farm: three managers, the rest workers, a load balancer, and for every ten services a stack of one compose
 * file, whose first service has a route.
 *
 * @param libvirt the URI of the only hypervisor
 * @param file    of the compose file
 */
export function configOf({ nodes, services }: Size, libvirt: string, file: string): Readonly<Record<string, unknown>> {
  const workers = Array.from({ length: nodes - managers }, (_, at) => `worker${String(at + 1)}`);
  const stacks = Array.from({ length: services / servicesOfStack }, (_, at) => `app${String(at + 1)}`);
  return {
    network: { cidr: "10.77.0.0/22" },
    hosts: { local: { uri: libvirt, virtualization: "qemu" } },
    nodes: Object.fromEntries([
      ...Array.from({ length: managers }, (_, at) => [`manager${String(at + 1)}`, { role: "manager" }]),
      ...workers.map((name) => [name, { role: "worker" }]),
    ]) as unknown,
    loadbalancer: {},
    stacks: Object.fromEntries(
      stacks.map((name) => [name, { file, routes: { [name]: { service: "s1", port: 8080 } } }]),
    ),
  };
}
