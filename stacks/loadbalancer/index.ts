import { createRequire } from "node:module";
import { defineStack, recipesIn } from "../contract";
import { copiesOf } from "../contract/images";
import { readCertificate } from "./certificate";
import { rules } from "./rules";
import { LoadBalancer } from "./schema";

const load = createRequire(__filename);

/** The reverse proxy in front of all stacks: on every node, in front of the routing mesh. */
export const loadbalancer = defineStack({
  name: "loadbalancer",
  schema: LoadBalancer.optional(),
  images: recipesIn(__dirname, "haproxy", "keepalived"),
  rotations: {
    login: "the password for routes with a login",
    certificate: "the load balancer's certificate",
  },
  edge: ({ mode, routes }) => ({ protocol: mode, routes }),
  plan: ({ implementation, image, vip, httpPort, httpsPort, proxyProtocol }) => ({
    addresses: vip ?? [],
    images: [...(image === undefined ? [implementation] : []), ...(vip ? ["keepalived"] : [])],
    copies: copiesOf({ "loadbalancer.image": image }),
    ports: [
      { service: "loadbalancer", port: httpPort, key: "loadbalancer.httpPort" },
      { service: "loadbalancer", port: httpsPort, key: "loadbalancer.httpsPort" },
      ...(proxyProtocol
        ? [{ service: "loadbalancer", port: proxyProtocol.port, key: "loadbalancer.proxyProtocol.port" }]
        : []),
    ],
  }),
  rules,
  read: readCertificate,
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
