import { Hello } from "../../stacks/hello";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";

describe("the hello stack", () => {
  let hello: Hello;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      hello = new Hello("hello", { image: "localhost/hello:abc", replicas: 3, port: 8090, address: "10.77.0.11" });
    });
  });

  test("is a network and a service on it", () => {
    expect(listing(resources)).toEqual([
      "hello > hello-network: docker:index/network:Network",
      "hello > hello-service: docker:index/service:Service",
      "hello: swarm-farm:stacks:Hello",
    ]);
    expect(find(resources, "hello-network").inputs).toEqual({ name: "hello", driver: "overlay" });
    expect(find(resources, "hello-service").inputs).toMatchObject({
      taskSpec: { networksAdvanceds: [{ id: "hello-network-id" }] },
    });
  });

  test("runs what it is given, as often as it is told, on a read-only root with limits", () => {
    expect(find(resources, "hello-service").inputs).toMatchObject({
      name: "hello",
      mode: { replicated: { replicas: 3 } },
      taskSpec: {
        containerSpec: { image: "localhost/hello:abc", readOnly: true },
        resources: { limits: { nanoCpus: 500_000_000, memoryBytes: 33_554_432 } },
      },
    });
  });

  test("publishes its port on every node, and health is asked where the program listens", () => {
    const { endpointSpec, taskSpec } = find(resources, "hello-service").inputs as {
      endpointSpec: { ports: { targetPort: number }[] };
      taskSpec: { containerSpec: { healthcheck: { tests: string[] } } };
    };
    expect(endpointSpec.ports).toEqual([
      { protocol: "tcp", publishMode: "ingress", publishedPort: 8090, targetPort: 8080 },
    ]);
    expect(taskSpec.containerSpec.healthcheck.tests.at(-1)).toBe("http://127.0.0.1:8080/");
  });

  test("is updated without a gap, and goes back when the new one fails", () => {
    expect(find(resources, "hello-service").inputs).toMatchObject({
      updateConfig: { order: "start-first", failureAction: "rollback" },
      convergeConfig: { timeout: "5m" },
    });
    expect(find(resources, "hello-service").deleteBeforeReplace).toBe(true);
  });

  test("says where it is", async () => {
    expect(await valueOf(hello.url)).toBe("http://10.77.0.11:8090");
  });
});
