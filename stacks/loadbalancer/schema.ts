import { z } from "zod";
import { Cidr, Hostname, Name, Port, RoutePath } from "../../infra/config/primitives";
import { ownImage } from "../../infra/config/services";

const RouteSettings = z
  .strictObject({
    host: Hostname.optional().describe("Only for this host name. Default: any."),
    path: RoutePath.describe("What the path begins with; it is taken off before the request is passed on."),
    login: z.boolean().optional().describe("Whether a user and password are asked for: see `./farm secret`."),
    allow: z.array(Cidr).min(1).optional().describe("The networks that may come. Default: all."),
    rateLimit: z
      .strictObject({
        requestsPerSecond: z.int().min(1).max(100_000).describe("Sustained."),
        burst: z.int().min(0).max(100_000).default(20).describe("At once on top of that."),
      })
      .optional()
      .describe("For each client's address; what is more is answered with 429. Default: none."),
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
        "How it speaks to the LAMP stack: `fastcgi` goes straight to php, published on port 9000 of every node.",
      ),
    httpPort: Port.default(80).describe("Redirects to HTTPS."),
    httpsPort: Port.default(443).describe("TLS, on every node's own address."),
    hostnames: z
      .array(Hostname)
      .default(["farm.localhost"])
      .describe("Host names that its certificate is for, besides the nodes' addresses and 127.0.0.1.")
      .meta({ formerly: "names" }),
    certificate: z
      .strictObject({
        cert: z.string().min(1).describe("Path of a certificate with its chain, in PEM."),
        key: z.string().min(1).describe("Path of its private key, in PEM."),
      })
      .optional()
      .describe("Your own certificate. Default: one from the farm's own authority."),
    hsts: z
      .strictObject({
        maxAgeSeconds: z
          .int()
          .min(0)
          .max(63_072_000)
          .default(31_536_000)
          .describe("How long browsers keep to HTTPS; 0 makes them forget it."),
        includeSubDomains: z.boolean().default(false).describe("Whether this is so for all subdomains too."),
      })
      .optional()
      .describe(
        "Strict-Transport-Security: browsers then refuse plain HTTP, and certificates that they do not trust, for these host names. Default: none.",
      ),
    routes: z
      .record(Name, RouteSettings)
      .optional()
      .describe(
        "Which requests go where, by the name of a route; docs/configuration.md lists them. Those to stacks that are not deployed are left out. Default: every route, with the path and login of that list.",
      ),
  })
  .describe("The front door: on every node, in front of the mesh. Default: not deployed.");

export type RouteConfig = z.infer<typeof RouteSettings>;
export type LoadBalancerConfig = z.infer<typeof LoadBalancer>;
