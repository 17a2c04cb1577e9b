import { type FakeSpec, serviceSpec, type SpecOptions, withSecrets } from "@swarm-farm/docker-api/fake";

/** A service with small reservations, and with a secret wherever Docker may have one. */
export const sampleSpec = (name: string, options: SpecOptions = {}): FakeSpec =>
  withSecrets(serviceSpec(name, { cpus: 0.01, memoryMiB: 16, ...options }));
