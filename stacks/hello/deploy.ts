import { farmService } from "../../infra/service/farm-service";
import { answersHttp } from "../../infra/service/health";
import { SwarmService } from "../../infra/service/service";
import { tasks } from "../../infra/service/tasks";
import type { DeployContext, Published } from "../contract";
import { tasksOf } from "../contract/services";
import { meshUrl } from "../contract/urls";
import type { HelloConfig } from "./schema";

/** The port of the program in images/hello. */
const containerPort = 8080;

/** One service, with as many tasks as nodes unless the configuration says how many. */
export function deploy(context: DeployContext<HelloConfig>): Published {
  const { name, config, plan, swarm, portsFree } = context;
  const { replicas = plan.nodes.length, port } = config;
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
        ports: [{ target: containerPort, published: port, mode: "ingress" }],
        health: answersHttp(containerPort, "/"),
        update: { order: "start-first" },
      },
    }),
  );
  return { services: [service], urls: { hello: meshUrl(plan, port) } };
}
