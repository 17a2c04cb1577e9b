import { nameOf } from "../../pulumi/state";

/** Labels of resources, by type and ending of the name; `{}` is the rest of the name. */
const phrases: readonly (readonly [type: RegExp, ending: RegExp, phrase: string])[] = [
  [/^libvirt:index\/domain:/, /-domain$/, "VM {}"],
  [/^libvirt:index\/volume:/, /-disk$/, "disk of {}"],
  [/^libvirt:index\/volume:/, /$/, "volume {}"],
  [/^libvirt:index\/cloudinitDisk:/, /-seed$/, "seed of {}"],
  [/^libvirt:index\/network:/, /-network$/, "network of hypervisor {}"],
  [/^libvirt:index\/pool:/, /-pool$/, "storage pool of hypervisor {}"],
  [/^docker:index\/service:/, /-service$/, "service {}"],
  [/^docker:index\/network:/, /-network$/, "network {}"],
  [/^docker:index\/serviceConfig:/, /$/, "config {}"],
  [/^docker:index\/secret:/, /$/, "secret {}"],
  [/^command:/, /-converged$/, "service {} converges"],
  [/^command:/, /-power$/, "node {} boots"],
  [/^command:/, /^swarm-init$/, "swarm init"],
  [/^command:/, /^swarm-worker-token$/, "token to join the swarm"],
  [/^command:/, /^swarm-certificate-expiry$/, "expiry of node certificates"],
  [/^command:/, /^swarm-settings$/, "settings of the swarm"],
  [/^command:/, /-join$/, "node {} joins the swarm"],
  [/^command:/, /-ready$/, "node {} is ready"],
  [/^command:/, /-report$/, "patch level of node {}"],
  [/^command:/, /-push$/, "image {} is pushed"],
  [/^command:/, /-load$/, "image {} is loaded"],
  [/^command:/, /-copy$/, "image {} is copied"],
  [/^command:/, /-cleanup$/, "cleanup of node {}"],
];

/** The ending of the resource that waits until a service converged. */
const waitEnding = "-converged";

/** The label of a resource, e.g. `service hello converges`, or its name. */
export function phraseOf(urn: string, type: string): string {
  const name = nameOf(urn);
  const found = phrases.find(([types, ending]) => types.test(type) && ending.test(name));
  return found ? found[2].replace("{}", name.replace(found[1], "")) : name;
}

/** The resource name of the service that a resource waits for, without its ending. */
export function waitsFor(urn: string): string | undefined {
  const name = nameOf(urn);
  return name.endsWith(waitEnding) ? name.slice(0, -waitEnding.length) : undefined;
}
