import { farmService } from "../../infra/service/farm-service";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import { tasks } from "../../infra/service/tasks";
import type { DeployContext, Published } from "../contract";
import { publishedPort } from "../contract/routes";
import { tasksOf } from "../contract/services";
import { meshUrl } from "../contract/urls";
import { containerPort, defaultPort, type HelloConfig } from "./schema";

/** One service, with as many tasks as nodes unless the configuration says how many. */
export function deploy(context: DeployContext<HelloConfig>): Published {
  const { name, config, plan, plans, swarm, portsFree, edgeNetworks } = context;
  const { replicas = plan.nodes.length } = config;
  const port = publishedPort(config.port, defaultPort, plans.edge, "hello");
  const service = new SwarmService(
    name,
    farmService({
      swarm,
      service: name,
      after: portsFree,
      spec: {
        image: context.image("hello"),
        ...tasks(tasksOf({ ...config, replicas }, "hello"), {
          limits: { cpus: 0.5, memoryMiB: 32 },
          reservations: { cpus: 0.05, memoryMiB: 8 },
        }),
        env: { WHERE: "{{.Node.Hostname}} {{.Task.Name}}" },
        mounts: [{ type: "tmpfs", target: "/tmp" }],
        // The load balancer reaches it by the mesh or by its name.
        ...(port === undefined
          ? { networks: edgeNetworks }
          : { ports: [{ target: containerPort, published: port, mode: "ingress" as const }] }),
        health: answersHttp(containerPort, "/"),
        update: { order: "start-first" },
      },
    }),
  );
  return { services: [service], urls: port === undefined ? {} : { hello: meshUrl(context, port) } };
}
