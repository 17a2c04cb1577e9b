import { smallConfig } from "../../tests/live/farm";

const manager = { role: "manager" };
const worker = { role: "worker" };

/** One farm after the other: emulated nodes that share two cores with too many others are taken for dead. */
const stewarded = { manager1: { ...manager, vcpu: 2 }, worker1: worker, worker2: worker };
const managed = { manager1: manager, manager2: manager, manager3: manager };

/** The steward's, shorter than its default, and long enough that what Swarm moves by itself would be seen. */
export const stabilizationSeconds = 20;

/** One task of hello on each node. */
export const replicas = Object.keys(stewarded).length;

/** A farm that heals and scales itself. */
export const withSteward = { ...smallConfig(stewarded), loadbalancer: {}, steward: { stabilizationSeconds } };

/** A farm that loses a leader. */
export const withManagers = { ...smallConfig(managed), loadbalancer: {} };

/** Where each node's load balancer answers, in either farm. */
export const addresses: Readonly<Record<string, string>> = {
  manager1: "10.77.0.11",
  manager2: "10.77.0.12",
  manager3: "10.77.0.13",
  worker1: "10.77.0.21",
};
