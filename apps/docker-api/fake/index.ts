export { type FakeDaemon, type Fault, startFakeDaemon } from "./daemon.ts";
export { renderNode, renderService, renderTask } from "./render.ts";
export { secret, withSecrets } from "./secrets.ts";
export { imageOf, replicasOf, serviceSpec, type SpecOptions } from "./spec.ts";
export type { FakeConfig, FakeEvent, FakeNode, FakeService, FakeSpec, FakeTask } from "./shapes.ts";
export { FakeSwarm } from "./swarm.ts";
