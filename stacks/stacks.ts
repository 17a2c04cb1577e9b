import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { fastcgiPort } from "../infra/config/laws";
import type { Settings } from "../infra/config/load";
import type { ServiceConfig } from "../infra/config/schema";
import { givenCertificate, type Authority, type Certificate } from "../infra/keys/authority";
import { Login } from "../infra/keys/login";
import { planLoadBalancer } from "../infra/loadbalancer/plan";
import type { FarmPlan } from "../infra/net/plan";
import type { Registry } from "../infra/registry/registry";
import { swarmResourceOptions } from "../infra/service/swarm-resource-options";
import { claimPorts, type PublishedPorts } from "../infra/service/ports";
import type { SwarmService } from "../infra/service/service";
import type { TaskSettings } from "../infra/service/tasks";
import { modeOf, type NetworkUse } from "../infra/service/types";
import type { Swarm } from "../infra/swarm/swarm";
import { hello } from "./hello";
import { Lamp } from "./lamp/lamp";
import { LoadBalancer } from "./loadbalancer";
import { Steward } from "./steward";
import { Visualizer } from "./visualizer";

interface StacksArgs {
  readonly settings: Settings;
  readonly plan: FarmPlan;
  readonly swarm: Swarm;
  readonly registry: Registry;
  readonly authority: Authority;
}

/** What the configuration asked for. */
interface Deployed {
  /** Known when every task of every service runs and is healthy. */
  readonly ready: pulumi.Output<unknown>;
  /** Passwords by user. */
  readonly logins: Readonly<Record<string, pulumi.Output<string>>>;
  /** The load balancer's certificate in PEM by its name in the output `certificates`; none without a load balancer. */
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
}

/** Every stack of the configuration: one place that says which there are, and what one needs of another. */
export function deployStacks(args: StacksArgs): Deployed {
  const { settings, plan, swarm, registry } = args;
  const { config, content } = settings;
  const logins: Record<string, pulumi.Output<string>> = {};
  const certificates: Record<string, pulumi.Output<string>> = {};
  // What has no port of its own is reached through the load balancer, on a network that both are on.
  const edge = (config.loadbalancer ?? config.visualizer ?? config.lamp?.admin) ? [edgeNetwork(swarm)] : [];
  const ports = claimPorts(swarm, publishedPorts(config));
  const services: SwarmService[] = [
    hello("hello", {
      swarm,
      after: [ports],
      image: registry.image("hello"),
      tasks: tasksOf({ ...config.hello, replicas: config.hello.replicas ?? plan.nodes.length }, "hello"),
      port: config.hello.port,
    }),
  ];

  if (config.lamp && content) {
    const { nginx, php, mysql, admin, port, encrypted } = config.lamp;
    const lamp = new Lamp("lamp", {
      swarm,
      images: {
        // In the order in which they start: the others wait for mysql, which takes longest.
        mysql: registry.image("mysql", mysql.image),
        php: registry.image("php", php.image),
        nginx: registry.image("nginx", nginx.image),
      },
      ownMysql: mysql.image === undefined,
      tasks: { nginx: tasksOf(nginx, "lamp"), php: tasksOf(php, "lamp") },
      content,
      port,
      fastcgiPort: config.loadbalancer?.mode === "fastcgi" ? fastcgiPort : undefined,
      ports: [ports],
      encrypted,
      admin: admin && { ...admin, image: registry.image("admin", admin.image), networks: edge },
      rotation: config.rotate.mysql,
    });
    services.push(...lamp.services);
    logins.app = lamp.password;
  }

  if (config.visualizer) {
    const visualizer = new Visualizer("visualizer", {
      swarm,
      proxy: registry.image("nginx"),
      page: registry.image("visualizer", config.visualizer.image, "visualizer-page"),
      networks: edge,
    });
    services.push(...visualizer.services);
  }

  if (config.steward) {
    const images = {
      exporter: registry.image("exporter"),
      prometheus: registry.image("prometheus"),
      steward: registry.image("steward"),
    };
    services.push(...new Steward("steward", { swarm, images, ...config.steward }).services);
  }

  if (config.loadbalancer) {
    const login = new Login("edge-login", { username: "admin", rotation: config.rotate.login });
    logins[login.username] = login.password;
    const served = certificate("loadbalancer", config.loadbalancer.names, args);
    certificates[config.loadbalancer.certificate ? "loadbalancer-own" : "loadbalancer"] = served.cert;
    services.push(
      balancer("loadbalancer", config.loadbalancer, {
        ...args,
        login,
        certificate: served,
        networks: edge,
        after: [ports, ...services],
      }),
    );
  }

  return {
    ready: pulumi.all(services.map((service) => service.converged)),
    logins,
    certificates,
  };
}

/** What the services below publish, for those that come and go in one update. */
function publishedPorts({ hello, lamp, loadbalancer }: Settings["config"]): PublishedPorts {
  return {
    hello: [hello.port],
    ...(lamp ? { "lamp-nginx": [lamp.port] } : {}),
    ...(lamp && loadbalancer?.mode === "fastcgi" ? { "lamp-php": [fastcgiPort] } : {}),
    ...(loadbalancer ? { loadbalancer: [loadbalancer.httpPort, loadbalancer.httpsPort] } : {}),
  };
}

/** As the configuration says; requests are those of a route. */
function tasksOf(
  { replicas, autoscale, reservations }: ServiceConfig & { readonly replicas: number | "global" },
  route: string,
): TaskSettings {
  return {
    mode: modeOf(replicas),
    reservations,
    autoscale: autoscale && { ...autoscale, ...(autoscale.metric === "requests" ? { route } : {}) },
  };
}

function edgeNetwork(swarm: Swarm): NetworkUse {
  return {
    id: new docker.Network("edge-network", { name: "edge", driver: "overlay" }, swarmResourceOptions(swarm)).id,
  };
}

interface BalancerArgs extends StacksArgs {
  readonly certificate: Certificate;
  readonly login: Login;
  readonly networks: readonly NetworkUse[];
  readonly after: readonly pulumi.Resource[];
}

function balancer(
  name: string,
  settings: NonNullable<Settings["config"]["loadbalancer"]>,
  args: BalancerArgs,
): SwarmService {
  const { plan, swarm, registry, login, networks, after } = args;
  return new LoadBalancer(name, {
    swarm,
    software: settings.software,
    image: registry.image(settings.software, settings.image, "loadbalancer"),
    plan: planLoadBalancer(settings, args.settings.config, plan.nodes),
    httpPort: settings.httpPort,
    certificate: args.certificate,
    login,
    networks,
    after,
  }).service;
}

/** The person's own certificate, or one from the farm's authority for all names and addresses that lead here. */
function certificate(
  name: string,
  names: readonly string[],
  { settings, plan, authority, swarm }: StacksArgs,
): Certificate {
  const own = settings.certificate;
  if (own) return givenCertificate(own.cert, own.key);
  const subjects = [...names, ...plan.nodes.map(({ address }) => address), "127.0.0.1"];
  return authority.issue(`${name}-certificate`, subjects, settings.config.rotate.certificate, swarm);
}
