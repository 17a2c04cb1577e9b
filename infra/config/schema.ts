import { z } from "zod";
import { Host, Image, Node } from "./machines";
import { Cidr, Hostname, ImageReference, Name, Port, RoutePath } from "./primitives";
import { type Autoscale, asManyAsNodes, replicas, serviceKeys } from "./services";

// The descriptions are the documentation: docs/configuration.md and its JSON schema are generated from them.

const Hello = z
  .strictObject({
    replicas: asManyAsNodes,
    ...serviceKeys,
    port: Port.default(8080).describe("Published on every node by the routing mesh."),
  })
  .describe("The hello page.");

const ownImage = (what: string) =>
  ImageReference.optional().describe(
    `An image instead of the farm's own ${what}, pinned to its digest when it is deployed.`,
  );

const Lamp = z
  .strictObject({
    content: z
      .string()
      .min(1)
      .default("stacks/lamp/content")
      .describe(
        "The folder with `site` (what is served) and `nginx` (its configuration), relative to the repository. A changed file is one rolling update.",
      ),
    port: Port.default(8081).describe("Where every node's mesh publishes the web server, for the load balancer."),
    encrypted: z
      .boolean()
      .default(false)
      .describe("Whether its traffic between nodes is encrypted (IPsec); what that costs is in docs/reliability.md."),
    nginx: z
      .strictObject({ replicas: replicas(2), ...serviceKeys, image: ownImage("nginx") })
      .prefault({})
      .describe("The web server."),
    php: z
      .strictObject({ replicas: replicas(2), ...serviceKeys, image: ownImage("php") })
      .prefault({})
      .describe("php-fpm, on workers."),
    mysql: z
      .strictObject({ image: ownImage("mysql") })
      .prefault({})
      .describe('The database, on the node with the label `db: "true"`, its data on a volume there.'),
    admin: z
      .strictObject({
        image: ImageReference.describe("What shows the database, e.g. adminer:5.4.1 or phpmyadmin:5.2.3-apache."),
        port: Port.default(8080).describe("Where that image listens for HTTP."),
      })
      .optional()
      .describe(
        "A page to administer the database with, behind the load balancer's route `admin`; the server is `mysql`, the user `app`, the password `./farm secret app`. Default: none.",
      ),
  })
  .describe("nginx, php-fpm and mysql. Default: not deployed.");

const Visualizer = z
  .strictObject({ image: ownImage("visualizer") })
  .describe("A page that shows who runs where, now. Default: not deployed.");

const Steward = z
  .strictObject({
    rebalance: z
      .boolean()
      .default(true)
      .describe("Whether tasks are spread again when a node has come back; Swarm itself moves nothing."),
    quietSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .default(60)
      .describe("How long nothing must have changed before tasks are moved."),
  })
  .describe(
    "What Swarm leaves to people: it spreads tasks again, and scales services that have a policy. With it come Prometheus and an exporter on every node. Default: not deployed.",
  );

const RouteSettings = z.strictObject({
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
});

const LoadBalancer = z
  .strictObject({
    software: z.enum(["nginx", "haproxy"]).default("nginx").describe("What it is made with."),
    image: ownImage("image of that software"),
    mode: z
      .enum(["http", "fastcgi"])
      .default("http")
      .describe(
        "How it speaks to the LAMP stack: `fastcgi` goes straight to php, published on port 9000 of every node.",
      ),
    httpPort: Port.default(80).describe("Redirects to HTTPS."),
    httpsPort: Port.default(443).describe("TLS, on every node's own address."),
    names: z
      .array(Hostname)
      .default(["farm.localhost"])
      .describe("Host names that its certificate is for, besides the nodes' addresses and 127.0.0.1."),
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
      .strictObject({
        lamp: RouteSettings.optional().describe("To the LAMP stack."),
        hello: RouteSettings.optional().describe("To the hello page."),
        visualizer: RouteSettings.optional().describe("To the visualizer."),
        admin: RouteSettings.optional().describe("To the database's administration."),
      })
      .default({
        lamp: { path: "/" },
        hello: { path: "/hello/" },
        visualizer: { path: "/visualizer/", login: true },
        admin: { path: "/admin/", login: true },
      })
      .describe("Which requests go where. Those to stacks that are not deployed are left out."),
  })
  .describe("The front door: on every node, in front of the mesh. Default: not deployed.");

/** Secrets that can be made anew. */
const Rotations = z
  .strictObject({
    mysql: Rotation("the database's password"),
    login: Rotation("the password for routes with a login"),
    certificate: Rotation("the load balancer's certificate"),
    registry: Rotation(
      "the registry's password and its certificate; every service is updated. Raise it by one at a time",
    ),
    authority: Rotation(
      "the farm's CA, and the certificates that it issued; browsers have to trust the new one. Raise it by one at a time",
    ),
  })
  .prefault({})
  .describe("Another number makes another secret, which one rolling update brings to those that use it.");

const Cleanup = z
  .strictObject({
    unusedImagesAfterHours: z
      .int()
      .min(0)
      .max(87_600)
      .default(168)
      .describe(
        "How long no container on a node must have used an image before the node removes it, and no service before the registry deletes it. Images pushed by hand stay in the registry. 0: never.",
      ),
  })
  .prefault({})
  .describe("What nodes and registry remove by themselves, once a day.");

function Rotation(what: string) {
  return z.int().min(1).max(1_000_000).default(1).describe(`For ${what}.`);
}

/** The whole configuration surface, defaults included; unknown keys are refused. */
export const FarmConfig = z.strictObject({
  hosts: z
    .record(Name, Host)
    .default({ local: { uri: "qemu:///system", virtualization: "auto" } })
    .describe("Hypervisors by name."),
  network: z
    .strictObject({
      cidr: Cidr.default("10.77.0.0/24").describe("The farm's own network; /27 or larger, free on the host."),
      allowPublic: z
        .boolean()
        .default(false)
        .describe("Whether `cidr` may be outside of the private ranges 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16."),
    })
    .prefault({})
    .describe("The network that joins the nodes."),
  image: Image.default({ kind: "farm" }).describe("What every node begins with."),
  nodes: z.record(Name, Node).describe("Virtual machines by name."),
  hello: Hello.prefault({}),
  lamp: Lamp.optional(),
  loadbalancer: LoadBalancer.optional(),
  visualizer: Visualizer.optional(),
  steward: Steward.optional(),
  rotate: Rotations,
  cleanup: Cleanup,
});

export type FarmConfig = z.infer<typeof FarmConfig>;
export type NodeConfig = z.infer<typeof Node>;
export type ImageConfig = z.infer<typeof Image>;
export type RouteConfig = z.infer<typeof RouteSettings>;
export type LoadBalancerConfig = z.infer<typeof LoadBalancer>;
export type AutoscaleConfig = z.infer<typeof Autoscale>;
/** What a service that may have several tasks says of them. */
export type ServiceConfig = Pick<z.infer<typeof Hello>, "replicas" | "reservations" | "autoscale">;
export type HostConfig = z.infer<typeof Host>;
