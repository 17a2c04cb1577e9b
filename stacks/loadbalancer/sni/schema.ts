import { z } from "zod";
import { Name } from "../../../infra/config/primitives";

/** The longest name of a certificate: with the load balancer's and a version it is a secret's, of 64 characters at most. */
const maxNameLength = 30;

/** The key `loadbalancer.certificates`. */
export const Certificates = z
  .record(
    Name.max(maxNameLength, `must have at most ${String(maxNameLength)} characters`),
    z
      .strictObject({
        cert: z.string().min(1).describe("Path of a certificate with its chain, in PEM."),
        key: z.string().min(1).describe("Path of its private key, in PEM."),
      })
      .describe("One certificate."),
  )
  .describe(
    "Further certificates of your own, by names that you choose, each for the host names that it has itself ([how](how-to/names.md)). Default: none, all names have the one of `certificate`.",
  );

/** The value of `loadbalancer.certificates`. */
export type CertificatesConfig = z.infer<typeof Certificates>;
