import { tasks } from "../../../infra/service/tasks";

const usual = { limits: { cpus: 0.5, memoryMiB: 64 }, reservations: { cpus: 0.05, memoryMiB: 16 } };
const mode = { replicas: 2 };

test("a service has its usual needs where the configuration says nothing", () => {
  expect(tasks({ mode }, usual)).toEqual({ mode, autoscale: undefined, ...usual });
});

test("a reservation changes nothing else, and a limit is at least the reservation", () => {
  expect(tasks({ mode, reservations: { memoryMiB: 700 } }, usual)).toMatchObject({
    limits: { cpus: 0.5, memoryMiB: 700 },
    reservations: { cpus: 0.05, memoryMiB: 700 },
  });
  expect(tasks({ mode, reservations: { cpus: 0.2 } }, usual)).toMatchObject({
    limits: usual.limits,
    reservations: { cpus: 0.2, memoryMiB: 16 },
  });
});
