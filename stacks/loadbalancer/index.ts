import { createRequire } from "node:module";
import { join } from "node:path";
import { defineStack, recipesIn } from "../contract";
import { copiesOf } from "../contract/images";
import { container } from "./base/types";
import { readFiles } from "./files";
import { rules } from "./rules";
import { LoadBalancer } from "./schema";
import { streamPorts } from "./streams/plan";

const load = createRequire(__filename);

/** The reverse proxy in front of all stacks: on every node, in front of the routing mesh. */
export const loadbalancer = defineStack({
  name: "loadbalancer",
  schema: LoadBalancer.optional(),
  images: {
    ...recipesIn(__dirname, "haproxy", "keepalived", "oauth2-proxy"),
    ...recipesIn(join(__dirname, "acme"), "acme-balancer"),
    acme: "apps/acme/image",
  },
  rotations: {
    login: "the password for routes with a login",
    certificate: "the load balancer's certificate",
    oidc: "the key of sessions of routes with `login: oidc`, which ends them all",
  },
  edge: ({ mode, routes, httpsPort, streams = {} }) => ({
    protocol: mode,
    routes,
    services: Object.values(streams).map(({ service }) => service),
    https: { service: "loadbalancer", port: container.httpsPort },
    httpsPort,
  }),
  plan: ({ implementation, image, certificate, vip, oidc, httpPort, httpsPort, proxyProtocol, streams }) => ({
    addresses: vip ?? [],
    images: [
      ...(certificate?.acme ? ["acme", "acme-balancer"] : image === undefined ? [implementation] : []),
      ...(vip ? ["keepalived"] : []),
      ...(oidc ? ["oauth2-proxy"] : []),
    ],
    copies: copiesOf({ "loadbalancer.image": image }),
    ports: [
      { service: "loadbalancer", port: httpPort, key: "loadbalancer.httpPort" },
      { service: "loadbalancer", port: httpsPort, key: "loadbalancer.httpsPort" },
      ...(proxyProtocol
        ? [{ service: "loadbalancer", port: proxyProtocol.port, key: "loadbalancer.proxyProtocol.port" }]
        : []),
      ...streamPorts(streams),
    ],
  }),
  rules,
  read: readFiles,
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
