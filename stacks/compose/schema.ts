import { z } from "zod";
import { Name, Port, RouteHost, RoutePath } from "../../infra/config/primitives";

const Route = z
  .strictObject({
    service: z.string().min(1).describe("The service's key in the compose file."),
    port: Port.describe("The port in its container, which need not be published."),
    host: RouteHost.optional().describe(
      "Only for this host name, or each name that `*.example.com` covers. Default: any.",
    ),
    path: RoutePath.optional().describe("The path prefix. Default: the route's name, e.g. `/shop/`."),
    login: z.boolean().default(false).describe("Whether it requires a user and password: see `./farm secret`."),
  })
  .describe("A route to one service.");

const File = z.string().min(1).max(4096);

/** Substitute for a folder: a volume's key, or `:ro`. */
export const folderReplacement = /^(:ro|[A-Za-z0-9][\w.-]*)$/;

const Variable = z
  .union([z.string(), z.boolean(), z.number()], "must be a text, a number, true or false")
  // YAML reads 1.10 as the number 1.1.
  .refine((value) => typeof value !== "number" || Number.isSafeInteger(value), 'must be quoted, e.g. "1.10"')
  .transform(String)
  .pipe(z.string());

const ComposeStack = z
  .strictObject({
    file: z
      .union([File, z.array(File).min(1)])
      .describe(
        "A compose file, or several that merge in order; paths in them are relative to the first one's folder.",
      ),
    variables: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be letters, digits and _"), Variable)
      .default({})
      .describe("Values of the files' variables. Secret ones (`pulumi config set --secret --path`) stay secret."),
    folders: z
      .record(File, z.string().regex(folderReplacement, "must be a volume's name (letters, digits and _ . -) or ':ro'"))
      .default({})
      .describe(
        "Volumes that take the place of relative folders, by the folder's path in the files, e.g. `./data: data`, empty at first; or " +
          "`./html: ':ro'`: the folder's files become configs.",
      ),
    profiles: z
      .array(z.string())
      .default([])
      .describe("Services with `profiles` are left out unless one is here. One that no service has is refused."),
    routes: z
      .record(Name, Route)
      .default({})
      .describe("Routes of the load balancer to its services, by name: `loadbalancer.routes` can have the same names."),
  })
  .describe("One application.");

/** The keys of `stacks`. */
export const Stacks = z
  .record(Name, ComposeStack)
  .optional()
  .describe("Applications from compose files, by name; see docs/how-to/compose.md. Default: none.");

export type StacksConfig = NonNullable<z.infer<typeof Stacks>>;
export type StackConfig = StacksConfig[string];
