import type * as pulumi from "@pulumi/pulumi";
import { answersHttp } from "../infra/service/health";
import { SwarmService } from "../infra/service/service";
import { tasks, type TaskSettings } from "../infra/service/tasks";
import type { Swarm } from "../infra/swarm/swarm";

interface HelloArgs {
  readonly swarm: Swarm;
  readonly image: pulumi.Input<string>;
  readonly tasks: TaskSettings;
  /** Published on every node by the routing mesh. */
  readonly port: number;
  /** What goes before it. Default: nothing. */
  readonly after?: readonly pulumi.Resource[];
}

/** Where the program in images/hello listens. */
const containerPort = 8080;

/** A page that names the node and the task it comes from: the smallest thing that shows a swarm at work. */
export function hello(name: string, args: HelloArgs): SwarmService {
  return new SwarmService(name, {
    swarm: args.swarm,
    service: name,
    ...(args.after ? { after: args.after } : {}),
    spec: {
      image: args.image,
      ...tasks(args.tasks, { limits: { cpus: 0.5, memoryMiB: 32 }, reservations: { cpus: 0.05, memoryMiB: 8 } }),
      env: ["WHERE", "{{.Node.Hostname}} {{.Task.Name}}"],
      mounts: [{ type: "tmpfs", target: "/tmp" }],
      ports: [{ target: containerPort, published: args.port, mode: "ingress" }],
      health: answersHttp(containerPort, "/"),
      update: { order: "start-first" },
    },
  });
}
