import { givenCertificate, type Certificate } from "../../infra/keys/authority";
import { Login } from "../../infra/keys/login";
import type { SwarmService } from "../../infra/service/service";
import type { DeployContext, Published } from "../contract";
import { warnInPreview } from "../contract/warnings";
import type { OwnCertificate } from "./certificate";
import { LoadBalancer } from "./loadbalancer";
import { planLoadBalancer, planWarnings, routeUrls } from "./plan";
import type { LoadBalancerConfig } from "./schema";
import { VirtualAddresses } from "./vip/virtual-addresses";

type Context = DeployContext<LoadBalancerConfig, OwnCertificate | undefined, "login" | "certificate">;

/** The load balancer, created after its upstream services. */
export function deploy(context: Context): Published {
  const { name, config, files, plan, plans, swarm, others } = context;
  warnInPreview(planWarnings(config));
  const login = new Login("edge-login", { username: "admin", rotation: context.rotations.login });
  const certificate = certificateOf(context);
  const { service } = new LoadBalancer(name, {
    swarm,
    implementation: config.implementation,
    image: context.image(config.implementation, config.image, name),
    plan: planLoadBalancer(config, plans, plan.nodes),
    httpPort: config.httpPort,
    certificate,
    login,
    networks: [...context.edgeNetworks, ...others.networks],
    after: [...context.portsFree, ...others.services],
  });
  const holders = holdersOf(context, service);
  return {
    services: [service, ...holders],
    urls: routeUrls(config, plans, plan, others.urls),
    logins: { [login.username]: login.password },
    certificates: { [files ? `${name}-own` : name]: certificate.cert },
  };
}

/** The user's certificate, or one of the farm's CA for all host names and addresses of the load balancer. */
function certificateOf({ name, config, files, rotations, plan, authority, swarm }: Context): Certificate {
  if (files) return givenCertificate(files.cert, files.key);
  const subjects = [
    ...config.hostnames,
    ...(config.vip ?? []),
    ...plan.nodes.map(({ address }) => address),
    "127.0.0.1",
  ];
  return authority.issue(`${name}-certificate`, subjects, rotations.certificate, swarm);
}

/** keepalived, which holds the addresses of the configuration, if it has any. */
function holdersOf({ name, config, plan, swarm, image }: Context, balancer: SwarmService): SwarmService[] {
  if (!config.vip) return [];
  const { service } = new VirtualAddresses(`${name}-vip`, {
    swarm,
    image: image("keepalived"),
    plan: { addresses: config.vip, cidr: plan.network.cidr, healthPort: config.httpPort },
    nodes: plan.nodes,
    after: [balancer],
  });
  return [service];
}
