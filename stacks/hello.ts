import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

interface HelloArgs {
  readonly image: pulumi.Input<string>;
  readonly replicas: number;
  /** Published on every node by the routing mesh. */
  readonly port: number;
  /** Any node; the mesh answers on all. */
  readonly address: string;
}

/** Where the program in images/hello listens. */
const containerPort = 8080;

const bytesPerMiB = 1024 ** 2;

/** One CPU in the unit of Swarm's limits. */
const nanoCpus = 1e9;

/** A page that names the node and the task it comes from: the smallest thing that shows a swarm at work. */
export class Hello extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: HelloArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-farm:stacks:Hello", name, {}, opts);

    const network = new docker.Network(`${name}-network`, { name, driver: "overlay" }, { parent: this });
    const service = new docker.Service(
      `${name}-service`,
      {
        name,
        taskSpec: {
          containerSpec: {
            image: args.image,
            env: { NODE: "{{.Node.Hostname}}", TASK: "{{.Task.Name}}" },
            readOnly: true,
            mounts: [{ type: "tmpfs", target: "/tmp" }],
            healthcheck: {
              tests: ["CMD", "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${String(containerPort)}/`],
              // A started process costs a second on an emulated CPU: often enough to see, seldom enough to bear.
              interval: "30s",
              timeout: "10s",
              retries: 3,
              startPeriod: "1m",
            },
          },
          resources: {
            limits: { nanoCpus: 0.5 * nanoCpus, memoryBytes: 32 * bytesPerMiB },
            reservation: { nanoCpus: 0.05 * nanoCpus, memoryBytes: 8 * bytesPerMiB },
          },
          restartPolicy: { condition: "any", delay: "2s", window: "0s" },
          networksAdvanceds: [{ id: network.id }],
        },
        mode: { replicated: { replicas: args.replicas } },
        updateConfig: { order: "start-first", parallelism: 1, delay: "0s", failureAction: "rollback", monitor: "10s" },
        rollbackConfig: { order: "start-first", parallelism: 1, failureAction: "pause" },
        endpointSpec: {
          ports: [{ protocol: "tcp", publishMode: "ingress", publishedPort: args.port, targetPort: containerPort }],
        },
        // `up` says done when every replica runs and is healthy.
        convergeConfig: { delay: "1s", timeout: "5m" },
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        // Not set here: the provider computes it, and would show it as a change beside every other one.
        ignoreChanges: ["taskSpec.containerSpec.sysctl"],
      },
    );

    // Known only when the service is there, so that nobody is sent to a page that does not answer.
    this.url = service.id.apply(() => `http://${args.address}:${String(args.port)}`);
    this.registerOutputs({ url: this.url });
  }
}
