import { z } from "zod";
import { Word } from "../../../infra/config/primitives";

/** The longest session: a user that the provider has blocked keeps it to its end. */
const maxSessionHours = 720;

/** The keys of `loadbalancer.oidc`. */
export const OidcSettings = z
  .strictObject({
    issuer: z
      .string()
      .regex(
        /^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[\w.~/-]*)?$/i,
        "must be a URL with https and without query, e.g. https://login.example.com/realms/shop",
      )
      .describe("The provider's URL, as it is in its `/.well-known/openid-configuration`."),
    clientId: Word.describe("The client's name at the provider."),
    clientSecret: Word.describe("Its secret, encrypted: `./farm pulumi config set --secret --path`.").meta({
      credential: true,
    }),
    emailDomains: z
      .array(
        z
          .string()
          .regex(
            /^(\*|\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)$/,
            "must be a domain such as example.com, .example.com for those below it, or * for all",
          ),
      )
      .min(1)
      .optional()
      .describe("Domains of the addresses of users who may log in. Default: any, which needs `allowedGroups`."),
    allowedGroups: z
      .array(z.string().regex(/^[^,"\s]([^,"\n]*[^,"\s])?$/, "must be a name without commas and quotes"))
      .min(1)
      .optional()
      .describe("A user must be in one of these groups, of the claim `groups`. Default: any or none."),
    scopes: z
      .array(Word)
      .min(1)
      .default(["openid", "email", "profile"])
      .describe("What is asked of the provider; some have `groups` in a scope of that name."),
    sessionHours: z
      .int()
      .min(1)
      .max(maxSessionHours)
      .default(12)
      .describe("How long a login lasts; a user that the provider blocks keeps it to its end."),
    ca: z
      .string()
      .min(1)
      .optional()
      .describe("Path of the CA's certificate in PEM, if the provider's certificate is not of a public one."),
  })
  .describe(
    "The OpenID Connect provider for routes with `login: oidc`, and who may log in: `emailDomains`, `allowedGroups` or both ([how](how-to/oidc.md)). Default: none.",
  );

export type OidcConfig = z.infer<typeof OidcSettings>;
