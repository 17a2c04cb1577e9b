import { availableParallelism } from "node:os";

/** Types are checked by `tsc`, once for everything: here they are only stripped. */
const typescript = [
  "ts-jest",
  { tsconfig: { target: "ES2023", module: "CommonJS", esModuleInterop: true, isolatedModules: true } },
];

/** @param {string} name a folder of tests/ */
const project = (name) => ({
  displayName: name,
  testEnvironment: "node",
  // Not sdks/: the generated package and its built copy have the same name.
  roots: ["<rootDir>/tests", "<rootDir>/compose", "<rootDir>/infra", "<rootDir>/stacks"],
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  transform: { "^.+\\.ts$": typescript },
  setupFilesAfterEnv: ["live", "faults"].includes(name) ? ["<rootDir>/tests/live/report-waits.ts"] : [],
});

export default {
  // Jest reads it here alone: a project's own is ignored.
  testTimeout: 60_000,
  // A part of the tests' time is waiting for processes. Default: one fewer than cores, on two cores twice as long.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  projects: ["unit", "components", "program", "live", "faults"].map(project),
};
