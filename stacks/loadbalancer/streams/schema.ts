import { z } from "zod";
import { Cidr, Name, Port, RouteHost } from "../../../infra/config/primitives";

/** The key `loadbalancer.streams`. */
export const Streams = z
  .record(
    Name,
    z
      .strictObject({
        port: Port.describe("On every node; streams with `tls` may share one."),
        protocol: z
          .enum(["tcp", "udp", "tls"])
          .default("tcp")
          .describe(
            "`tls` passes connections through to the service, which has the certificate, by the name that the client asks for (SNI). `udp` needs nginx.",
          ),
        service: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, "must be a service of `stacks`, e.g. shop_db")
          .describe("A service of `stacks`: the stack's name, `_` and its key in the compose file."),
        target: Port.optional().describe("The port in its container, which need not be published. Default: `port`."),
        host: RouteHost.optional().describe("With `tls`, which needs it: a host name, or `*.example.com`."),
        allow: z.array(Cidr).min(1).optional().describe("Networks of clients that may use it. Default: all."),
        timeoutSeconds: z
          .int()
          .min(1)
          .max(86_400)
          .optional()
          .describe("How long a connection may be silent. Default: 600, and 30 with `udp`."),
      })
      .describe("One port."),
  )
  .describe(
    "Ports for what is no HTTP: TCP, UDP and TLS that the load balancers pass on to services ([how](how-to/names.md#tcp-udp-and-tls-passthrough)). Default: none.",
  );
