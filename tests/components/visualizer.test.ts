import * as pulumi from "@pulumi/pulumi";
import { deploy } from "../../stacks/visualizer/deploy";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { contextOf } from "../support/stack-context";

describe("the visualizer", () => {
  let resources: Registered[];

  beforeAll(async () => {
    const all = await record(() => {
      const context = contextOf("visualizer", withNames("manager1", "worker1"), { image: "registry.example/page:2" });
      const edgeNetworks = [{ id: "edge-id" }];
      const image = (name: string, other = name) => pulumi.output(`registry/${other}`);
      deploy({ ...context, image, edgeNetworks });
    });
    resources = all.filter(({ name }) => name.startsWith("visualizer"));
  });

  /** Of a service, as much as a test looks at. */
  const task = (name: string) =>
    (
      find(resources, `visualizer-${name}-service`).inputs as {
        taskSpec: {
          containerSpec: { image: string; mounts: { source?: string }[]; env?: Record<string, string> };
          networksAdvanceds: { id: string }[];
        };
      }
    ).taskSpec;
  const networks = (name: string) => task(name).networksAdvanceds.map(({ id }) => id);

  test("is a page and a docker socket proxy on a network of their own", () => {
    const children = listing(resources).filter((line) => line.startsWith("visualizer > "));
    expect(children).toEqual([
      "visualizer > visualizer-gate-etc-nginx-nginx.conf: docker:index/serviceConfig:ServiceConfig",
      "visualizer > visualizer-gate: swarm-farm:service:SwarmService",
      "visualizer > visualizer-network: docker:index/network:Network",
      "visualizer > visualizer-page: swarm-farm:service:SwarmService",
      "visualizer > visualizer-socket-group: command:local:Command",
    ]);
    expect(find(resources, "visualizer-network").inputs).toMatchObject({ internal: true });
  });

  test("gives Docker's socket to the proxy alone, which the load balancer cannot reach", () => {
    const sockets = (name: string) => task(name).containerSpec.mounts.filter(({ source }) => source !== undefined);
    expect(sockets("gate").map(({ source }) => source)).toEqual(["/var/run/docker.sock"]);
    expect(sockets("page")).toEqual([]);
    expect(networks("gate")).toEqual(["visualizer-network-id"]);
    expect(networks("page")).toEqual(["visualizer-network-id", "edge-id"]);
  });

  test("runs the page's image of the configuration, which reads Docker through the proxy", () => {
    expect(task("page").containerSpec).toMatchObject({
      image: "registry/registry.example/page:2",
      env: {
        DOCKER_HOST: "tcp://visualizer-gate:2375",
        NODE_OPTIONS: "--max-old-space-size=96 --max-semi-space-size=4",
      },
    });
    expect(task("gate").containerSpec.image).toBe("registry/nginx");
    expect(find(resources, "visualizer-page-service").dependsOn).toContain("visualizer-gate-converged");
  });

  test("is found where a farm of an earlier version has it", () => {
    expect(find(resources, "visualizer").aliases).toEqual(["swarm-farm:stacks:Visualizer"]);
  });
});
