import * as pulumi from "@pulumi/pulumi";
import { answersHttp, Password, SwarmConfig, SwarmNetwork, SwarmSecret, SwarmService } from "swarm-farm";
import { swarm as swarmOf } from "./swarm";

const config = new pulumi.Config();
const swarm = swarmOf();

const existing = config.get("network");
const network =
  existing === undefined ? new SwarmNetwork("web", { swarm }) : SwarmNetwork.fromName("web", { swarm, name: existing });

const page = new SwarmConfig("page", { swarm, content: `<h1>${pulumi.getProject()}</h1>\n` });
const password = new Password("admin", { username: "admin", rotation: 1 });
const secret = new SwarmSecret("admin-password", { swarm, value: password.value, version: password.version });

const web = new SwarmService("web", {
  swarm,
  spec: {
    image: config.get("image") ?? "busybox:1.37",
    entrypoint: ["busybox", "httpd", "-f", "-p", "8080", "-h", "/www"],
    // As the first process httpd would ignore that it is to stop, and be killed at the end of its grace.
    init: true,
    mode: { replicas: 2 },
    user: "65534:65534",
    limits: { cpus: 0.5, memoryMiB: 32 },
    networks: [network],
    configs: [{ config: page, target: "/www/index.html" }],
    secrets: [{ secret, target: "admin-password", uid: 65_534 }],
    ports: [{ target: 8080, published: config.getNumber("port") ?? 8088, mode: "ingress" }],
    health: answersHttp(8080, "/"),
  },
  // Settings that the spec lacks.
  transform: {
    service: (args) => {
      args.labels = [{ label: "com.example.team", value: "web" }];
    },
  },
});

/** How many tasks run, e.g. `2/2`; known when all are healthy. */
export const tasks = web.converged;
