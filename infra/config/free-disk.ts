/** A share of a disk below which a person should look, in percent: a node that cannot write loses its tasks, and a manager the swarm's state. */
export const leastFreePercent = 15;
