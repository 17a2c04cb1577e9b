import type * as pulumi from "@pulumi/pulumi";
import { AcmeKeys } from "../../infra/keys/acme";
import { givenCertificate, type Certificate } from "../../infra/keys/authority";
import { Login } from "../../infra/keys/login";
import type { SwarmService } from "../../infra/service/service";
import type { DeployContext, Published } from "../contract";
import { warnInPreview } from "../contract/warnings";
import { AcmeClient, certificateUrl } from "./acme/acme-client";
import type { LoadBalancerFiles } from "./files";
import { Handover } from "./handover/handover";
import { LoadBalancer } from "./loadbalancer";
import { LoginProxy } from "./oidc/login-proxy";
import { oidc } from "./oidc/plan";
import { planLoadBalancer, planWarnings, routeUrls } from "./plan";
import { portsOf } from "./ports";
import type { LoadBalancerConfig } from "./schema";
import { certificateWarnings } from "./sni/warnings";
import { subjectsOf } from "./subjects";
import { container, type LoadBalancerPlan } from "./base/types";
import { VirtualAddresses } from "./vip/virtual-addresses";

type Context = DeployContext<LoadBalancerConfig, LoadBalancerFiles, "login" | "certificate" | "oidc">;

/** The load balancer, created after its upstream services. */
export function deploy(context: Context): Published {
  const { name, config, files, plan, plans, swarm, others } = context;
  const login = new Login("edge-login", { username: "admin", rotation: context.rotations.login });
  const certificate = certificateOf(context);
  const balancer = planLoadBalancer(config, plans, plan.nodes, files.certificates);
  const certificates = certificatesOf(files);
  warnInPreview([...planWarnings(config), ...certificateWarnings(config, balancer, files.own?.cert)]);
  const acme = acmeOf(context);
  const { service } = new LoadBalancer(name, {
    swarm,
    implementation: config.implementation,
    image: context.image(acme ? "acme-balancer" : config.implementation, config.image, name),
    plan: balancer,
    httpPort: config.httpPort,
    certificate,
    certificates,
    acme: acme?.serving,
    login,
    networks: [...context.edgeNetworks, ...others.networks],
    after: [...context.portsFree, ...others.services, ...handoversOf(context, balancer)],
  });
  const client = acme ? [acme.client(service)] : [];
  const holders = holdersOf(context, service);
  const proxies = proxiesOf(context, service);
  return {
    services: [service, ...client, ...holders, ...proxies],
    urls: routeUrls(config, plans, plan, others.urls),
    logins: { [login.username]: login.password },
    certificates: {
      [files.own ? `${name}-own` : name]: certificate.cert,
      ...Object.fromEntries(
        Object.entries(certificates).map(([one, { cert }]) => [`${name}-certificate-${one}`, cert]),
      ),
    },
  };
}

/** The handover of every node, where tasks that are replaced have a grace. */
function handoversOf({ name, config, swarm }: Context, balancer: LoadBalancerPlan): readonly pulumi.Resource[] {
  if (config.drainSeconds === undefined) return [];
  const ports = portsOf(config.httpPort, balancer);
  return new Handover(`${name}-handover`, { swarm, service: name, ports, healthPort: container.httpPort }).installed;
}

/** The user's certificate, or one of the farm's CA for all host names and addresses of the load balancer. */
function certificateOf({ name, config, files, rotations, plan, authority, swarm }: Context): Certificate {
  if (files.own) return givenCertificate(files.own.cert, files.own.key);
  return authority.issue(
    `${name}-certificate`,
    { names: subjectsOf(config, plan), rotation: rotations.certificate },
    swarm,
  );
}

/** The user's further certificates, by name. */
function certificatesOf({ certificates }: LoadBalancerFiles): Record<string, Certificate> {
  return Object.fromEntries(certificates.map(({ name, cert, key }) => [name, givenCertificate(cert, key)]));
}

/** Arguments of a balancer with a certificate of an ACME directory, and the client that obtains it, created after the balancer. */
function acmeOf({ name, config, files, rotations, swarm, image, edgeNetworks: networks }: Context) {
  const acme = config.certificate?.acme;
  if (!acme) return undefined;
  const client = `${name}-acme`;
  const keys = new AcmeKeys(`${client}-keys`, { names: config.hostnames, rotation: rotations.certificate });
  return {
    serving: { keys, url: certificateUrl(client), ...(acme.dns ? {} : { thumbprint: keys.thumbprint }) },
    client: (balancer: SwarmService) =>
      new AcmeClient(client, {
        ...{ swarm, config: acme, keys, networks },
        image: image("acme"),
        ca: files.directoryCa,
        balancer: name,
        after: [balancer],
      }).service,
  };
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

/** oauth2-proxy for routes with `login: oidc`, if the configuration has a provider. */
function proxiesOf({ config, files, rotations, swarm, image, edgeNetworks }: Context, balancer: SwarmService) {
  if (!config.oidc) return [];
  const { service } = new LoginProxy(oidc.service, {
    swarm,
    image: image("oauth2-proxy"),
    config: config.oidc,
    ca: files.providerCa,
    rotation: rotations.oidc,
    networks: edgeNetworks,
    after: [balancer],
  });
  return [service];
}
