import { z } from "zod";

/** Providers of DNS records that the image has, by the names that lego's documentation has. */
export const dnsProviders = [
  "acme-dns",
  "cloudflare",
  "digitalocean",
  "dnsupdate",
  "domeneshop",
  "duckdns",
  "gandiv5",
  "godaddy",
  "hetzner",
  "httpreq",
  "infomaniak",
  "inwx",
  "ionos",
  "namecheap",
  "netcup",
  "ovh",
  "pdns",
  "porkbun",
  "route53",
] as const;

/** Let's Encrypt's directory for certificates that browsers trust. */
export const defaultDirectory = "https://acme-v02.api.letsencrypt.org/directory";

/** A variable of lego, e.g. `CLOUDFLARE_DNS_API_TOKEN`; others would change the program itself. */
const Setting = z
  .string()
  .regex(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/, "must be a variable of lego, e.g. CLOUDFLARE_DNS_API_TOKEN");

const Dns = z
  .strictObject({
    provider: z.enum(dnsProviders).describe("Whose API has the records of the domains."),
    settings: z
      .record(Setting, z.string().min(1))
      .describe(
        "The provider's variables in lego's documentation, e.g. `CLOUDFLARE_DNS_API_TOKEN`; all secret (`pulumi config set --secret --path`).",
      )
      .meta({ credential: true }),
  })
  .describe("Proves the names by DNS-01, without access from outside. Default: by HTTP-01 at port 80 of the names.");

/** The key `loadbalancer.certificate.acme`. */
export const Acme = z
  .strictObject({
    email: z
      .email("must be an e-mail address, e.g. me@example.com")
      .describe("The account's address, to which the CA may write."),
    agreeToTerms: z
      .literal(true, "must be true: read the CA's terms of service, which its directory names, and agree to them")
      .describe("That you agree to the CA's terms of service."),
    directory: z
      .url({ protocol: /^https$/, message: "must be an https URL, e.g. https://ca.example.com/acme/directory" })
      .default(defaultDirectory)
      .describe("URL of the ACME directory, public or your own."),
    ca: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Path of the CA that the directory's own certificate is of, in PEM. Default: those that Debian trusts.",
      ),
    dns: Dns.optional(),
  })
  .describe("A certificate for `hostnames` from an ACME directory, renewed by itself ([how](how-to/acme.md)).");

export type AcmeConfig = z.infer<typeof Acme>;
