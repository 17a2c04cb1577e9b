import { answersHttp } from "../../infra/service/health";
import { deploy } from "../../stacks/hello/deploy";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { contextOf } from "../support/stack-context";

describe("the hello stack", () => {
  let resources: Registered[];

  beforeAll(async () => {
    const all = await record(() => {
      const { urls } = deploy(contextOf("hello", withNames("manager1"), { replicas: 3, port: 8090 }));
      expect(urls).toEqual({ hello: "http://10.77.0.11:8090" });
    });
    resources = all.filter(({ name }) => name.startsWith("hello"));
  });

  test("is one service", () => {
    expect(listing(resources)).toEqual([
      "hello > hello-converged: command:local:Command",
      "hello > hello-service: docker:index/service:Service",
      "hello: swarm-farm:service:SwarmService",
    ]);
  });

  test("runs its image with its replicas, on a read-only root with limits, and shows where it runs", () => {
    expect(find(resources, "hello-service").inputs).toMatchObject({
      name: "hello",
      mode: { replicated: { replicas: 3 } },
      taskSpec: {
        containerSpec: {
          image: "registry/hello",
          readOnly: true,
          env: { WHERE: "{{.Node.Hostname}} {{.Task.Name}}" },
          mounts: [{ type: "tmpfs", target: "/tmp" }],
        },
        resources: {
          limits: { nanoCpus: 500_000_000, memoryBytes: 33_554_432 },
          reservation: { nanoCpus: 50_000_000, memoryBytes: 8_388_608 },
        },
      },
    });
  });

  test("publishes its port on every node, and health is asked where the program listens", () => {
    expect(find(resources, "hello-service").inputs).toMatchObject({
      endpointSpec: { ports: [{ protocol: "tcp", publishMode: "ingress", publishedPort: 8090, targetPort: 8080 }] },
      taskSpec: {
        containerSpec: {
          healthcheck: { tests: ["CMD", ...answersHttp(8080, "/").command] },
        },
      },
    });
  });

  test("is updated without a gap, and goes back when the new one fails", () => {
    expect(find(resources, "hello-service").inputs).toMatchObject({
      updateConfig: { order: "start-first", failureAction: "rollback" },
      rollbackConfig: { order: "start-first", failureAction: "pause" },
    });
  });
});

test("behind the load balancer it publishes no port of its own, so that its route's login and limits hold", async () => {
  let urls: unknown;
  const resources = await record(() => {
    const context = contextOf("hello", { ...withNames("manager1"), loadbalancer: {} }, { replicas: 1 });
    ({ urls } = deploy({ ...context, edgeNetworks: [{ id: "edge-id" }] }));
  });
  const { inputs } = find(resources, "hello-service");
  expect(urls).toEqual({});
  expect(inputs.endpointSpec).not.toHaveProperty("ports");
  expect(inputs).toMatchObject({ taskSpec: { networksAdvanceds: [{ id: "edge-id" }] } });
});

test("without a load balancer it has a URL at port 8080 of every node", async () => {
  let urls: unknown;
  await record(() => {
    ({ urls } = deploy(contextOf("hello", withNames("manager1"), { replicas: 1 })));
  });
  expect(urls).toEqual({ hello: "http://10.77.0.11:8080" });
});
