export { type Answer, Docker, type DockerOptions, type Observer } from "./client.ts";
export { DockerError, OutOfSequence, UnsupportedApi, wasRefused } from "./errors.ts";
export * from "./shapes.ts";
