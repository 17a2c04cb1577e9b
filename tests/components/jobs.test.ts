import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "../../apps/jobs/src/settings";
import { Jobs } from "../../stacks/jobs/jobs";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

let resources: Registered[];

beforeAll(async () => {
  const all = await record(() => {
    const swarm = swarmOf(withNames("manager1", "worker1"));
    new Jobs("jobs", { swarm, image: "registry/jobs@sha256:1", timeZone: "Europe/Berlin" });
  });
  resources = all.filter(({ name }) => name.startsWith("jobs"));
});

test("it is one service, its network and settings, and the number of Docker's group", () => {
  expect(listing(resources)).toEqual(
    [
      "jobs: swarm-farm:jobs:Jobs",
      "jobs > jobs-network: docker:index/network:Network",
      "jobs > jobs-scheduler-etc-jobs.json: docker:index/serviceConfig:ServiceConfig",
      "jobs > jobs-socket-group: command:local:Command",
      "jobs > jobs-scheduler: swarm-farm:service:SwarmService",
      "jobs-scheduler > jobs-scheduler-converged: command:local:Command",
      "jobs-scheduler > jobs-scheduler-service: docker:index/service:Service",
    ].sort(),
  );
});

test("it asks the Docker of a manager as nobody in its group, and is reached by no one outside", () => {
  expect(find(resources, "jobs-scheduler-service").inputs).toMatchObject({
    name: "jobs",
    mode: { replicated: { replicas: 1 } },
    taskSpec: {
      containerSpec: {
        args: ["--config", "/etc/jobs.json"],
        env: { NODE_OPTIONS: "--max-old-space-size=64 --max-semi-space-size=4" },
        user: "65534:65534",
        groups: ["stdout of jobs-socket-group"],
        readOnly: true,
        mounts: expect.arrayContaining([
          { type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" },
        ]) as unknown,
      },
      placement: { constraints: ["node.role == manager"] },
    },
    updateConfig: { order: "start-first" },
  });
  expect(find(resources, "jobs-network").inputs).toMatchObject({ internal: true });
});

test("the program accepts its settings", () => {
  const { data } = find(resources, "jobs-scheduler-etc-jobs.json").inputs;
  const folder = mkdtempSync(join(tmpdir(), "jobs-"));
  try {
    writeFileSync(join(folder, "jobs.json"), Buffer.from(data as string, "base64"));
    expect(readSettings(join(folder, "jobs.json"))).toMatchObject({ timeZone: "Europe/Berlin", port: 8080 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
