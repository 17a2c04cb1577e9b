import { z } from "zod";
import { Cidr, Name, Port, RouteHost, RoutePath } from "../../infra/config/primitives";
import { ownImage } from "../../infra/config/services";
import { Acme } from "./acme/schema";
import { OidcSettings } from "./oidc/schema";
import { Certificates } from "./sni/schema";
import { Streams } from "./streams/schema";
import { VirtualAddressList } from "./vip/schema";

const RouteSettings = z
  .strictObject({
    host: RouteHost.optional().describe(
      "Only for this host name, or with `*.example.com` for each name one label below; a name precedes a wildcard, and both precede none. Default: any.",
    ),
    path: RoutePath.describe("A path prefix, which is stripped before the request is passed on."),
    login: z
      .union([z.boolean(), z.literal("oidc")], "must be true, false or oidc")
      .optional()
      .describe(
        "Whether it requires a user and password (see `./farm secret`), or with `oidc` a login at the provider of `loadbalancer.oidc` ([how](how-to/oidc.md)).",
      ),
    allow: z
      .array(Cidr)
      .min(1)
      .optional()
      .describe(
        "Networks of clients that may use it; all that come by a forward of an isolated farm have the gateway's address, the first of `network.cidr` by default. Default: all.",
      ),
    rateLimit: z
      .strictObject({
        requestsPerSecond: z.int().min(1).max(100_000).describe("Sustained."),
        burst: z.int().min(0).max(100_000).default(20).describe("Requests above that which are served at once."),
      })
      .optional()
      .describe("Limit for each client address; further requests get status 429. Default: none."),
    bodyMiB: z
      .int()
      .min(1)
      .max(65_536)
      .optional()
      .describe("The largest body of a request; larger ones get status 413. Default: 100."),
    compression: z
      .boolean()
      .optional()
      .describe(
        "gzip for text of at least 1 KiB, where the client accepts it and the service has not compressed it. Default: false, since the length of a response with a secret and text of the request reveals the secret (BREACH).",
      ),
    protocol: z
      .enum(["http", "grpc"])
      .optional()
      .describe(
        "What the service speaks: `grpc` is HTTP/2 without TLS, with `path: /`; calls that reach no server end with status UNAVAILABLE. Default: http.",
      ),
    readTimeoutSeconds: z
      .int()
      .min(2)
      .max(86_400)
      .optional()
      .describe(
        "The longest pause of the service in a response or an open WebSocket. Default: 60 for `hello` and `lamp`, 3600 for all others.",
      ),
    sticky: z
      .boolean()
      .optional()
      .describe(
        "Whether a client stays with one task, by a cookie that HAProxy sets; when the task is gone, another one takes over ([how](how-to/sessions.md)). Not with nginx. Default: false.",
      ),
  })
  .describe("One route.");

/** The keys of `loadbalancer`. */
export const LoadBalancer = z
  .strictObject({
    implementation: z
      .enum(["nginx", "haproxy"])
      .default("nginx")
      .describe("The program that it runs.")
      .meta({ formerly: "software" }),
    image: ownImage("image of that program"),
    mode: z
      .enum(["http", "fastcgi"])
      .default("http")
      .describe(
        "How it connects to the LAMP stack: `fastcgi` directly to php, at port 9000 of every task on the stack's own network. No node publishes that port.",
      ),
    httpPort: Port.default(80).describe("Redirects to HTTPS."),
    httpsPort: Port.default(443).describe("TLS, on every node."),
    drainSeconds: z
      .int()
      .min(1)
      .max(240)
      .optional()
      .describe(
        "How long a balancer that is replaced serves the connections that it has: WebSockets, streams and downloads, while its successor takes new ones ([how](how-to/updates.md)). Removing a node waits for them too, hence 240 at most. Default: none, a node's ports are closed while its balancer is replaced.",
      ),
    vip: VirtualAddressList.optional().describe(
      "Addresses that survive a node: one node holds each, and another takes it within seconds when that node or its balancer fails ([how](how-to/vip.md)). An address or a list, free and in `network.cidr`; URLs have the first. Default: none, a client depends on the node whose address it uses.",
    ),
    hostnames: z
      .array(RouteHost)
      .default(["farm.localhost"])
      .describe(
        "Host names that its certificate is for, wildcards too (`*.example.com`), besides `vip`, the nodes' addresses and 127.0.0.1.",
      )
      .meta({ formerly: "names" }),
    certificate: z
      .strictObject({
        cert: z.string().min(1).optional().describe("Path of a certificate with its chain, in PEM."),
        key: z.string().min(1).optional().describe("Path of its private key, in PEM."),
        acme: Acme.optional(),
      })
      .optional()
      .describe("Your own certificate: `cert` and `key`, or `acme`. Default: one of the farm's CA."),
    certificates: Certificates.optional(),
    hsts: z
      .strictObject({
        maxAgeSeconds: z
          .int()
          .min(0)
          .max(63_072_000)
          .default(31_536_000)
          .describe("How long browsers use HTTPS alone; 0 ends it."),
        includeSubDomains: z.boolean().default(false).describe("Whether this includes all subdomains."),
      })
      .optional()
      .describe(
        "Strict-Transport-Security: browsers then refuse plain HTTP, and certificates that they do not trust, for these host names. Sent with your own `certificate` alone. Default: none.",
      ),
    trustedProxies: z
      .array(Cidr)
      .min(1)
      .optional()
      .describe(
        "Networks of proxies in front of this one: the client's address is the last in their `X-Forwarded-For`, and their `X-Forwarded-Proto`, `-Host` and `-Port` are passed on. Default: none, these headers are replaced.",
      ),
    proxyProtocol: z
      .strictObject({
        port: Port.describe("A further port with TLS, on every node."),
        from: z.array(Cidr).min(1).describe("Networks of the proxies; connections of others are closed."),
      })
      .optional()
      .describe(
        "For TCP proxies in front of this one, which send the client's address in a PROXY protocol header, version 1 or 2. Default: none.",
      ),
    oidc: OidcSettings.optional(),
    streams: Streams.optional(),
    routes: z
      .record(Name, RouteSettings)
      .optional()
      .describe(
        "Routes by name; docs/configuration.md lists the names. Routes to stacks that are not deployed are left out. Default: every route, with the path and login of that list.",
      ),
  })
  .describe("A load balancer on every node, in front of the routing mesh. Default: not deployed.");

export type RouteConfig = z.infer<typeof RouteSettings>;
export type LoadBalancerConfig = z.infer<typeof LoadBalancer>;
