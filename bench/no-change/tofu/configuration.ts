import { sum } from "../../sum";
import { configuredFields, literal } from "./fields";
import type { ProviderSchema } from "./schema";
import type { Json, Resource } from "../../exported";

type Block = Readonly<Record<string, Json>>;

/** The providers of a configuration, by their names. */
export type Providers = Readonly<Record<string, { readonly source: string; readonly version: string }>>;

interface Options {
  readonly providers: Providers;
  readonly schemas: ReadonlyMap<string, ProviderSchema>;
  /** Values of providers' configurations in place of those of the state, by provider. */
  readonly settings: Readonly<Record<string, Block>>;
  /** Whether Pulumi's commands are there, as `terraform_data`. */
  readonly hasCommands: boolean;
}

/** A configuration of OpenTofu, in its JSON syntax. */
export interface Configuration {
  readonly terraform: Block;
  readonly provider: Readonly<Record<string, Block>>;
  /** By type and name. */
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

/**
 * A stack's resources for OpenTofu, with the inputs that they have in the state. Values of other resources are literals; an order
 * that they make is in `depends_on`, as many references as the state has. A command is a `terraform_data` with the same inputs, and
 * with its output as one more.
 */
export function configurationOf(resources: readonly Resource[], options: Options): Configuration {
  const { providers, schemas, settings, hasCommands } = options;
  const kept = resources.filter(
    ({ type, custom }) => custom && (isProvided(type, providers) || (hasCommands && isCommand(type))),
  );
  const addresses = new Map(kept.map((resource) => [resource.urn, addressOf(resource)]));
  const resource: Record<string, Record<string, Block>> = {};
  for (const each of kept) {
    const { type, name } = addressOf(each);
    const before = each.dependencies.flatMap((urn) => addresses.get(urn) ?? []);
    const named = (resource[type] ??= {});
    if (name in named) throw new Error(`two resources are ${type}.${name}`);
    named[name] = { ...argumentsOf(each, schemas), depends_on: before.map((to) => `${to.type}.${to.name}`) };
  }
  return {
    terraform: { required_providers: { ...providers } },
    provider: Object.fromEntries(
      Object.keys(providers).map((name) => [name, { ...providerOf(name, resources, schemas), ...settings[name] }]),
    ),
    resource,
  };
}

/** How many resources a configuration has, and how many references between them. */
export function countOf({ resource }: Configuration): { readonly resources: number; readonly references: number } {
  const blocks = Object.values(resource).flatMap((named) => Object.values(named));
  return {
    resources: blocks.length,
    references: sum(blocks.map(({ depends_on: before }) => (before as readonly Json[]).length)),
  };
}

/** Whether a type is one of Pulumi's command plugin. */
function isCommand(type: string): boolean {
  return type.startsWith("command:");
}

function isProvided(type: string, providers: Providers): boolean {
  return (type.split(":")[0] ?? "") in providers;
}

function addressOf({ urn, type }: Resource): { readonly type: string; readonly name: string } {
  const name = (urn.split("::").at(-1) ?? "").replaceAll(/[^\w-]/g, "_");
  return { type: isCommand(type) ? "terraform_data" : terraformType(type), name };
}

/** @param type of a resource of a bridged provider: `libvirt:index/cloudinitDisk:CloudinitDisk` is libvirt_cloudinit_disk */
function terraformType(type: string): string {
  const [provider = "", , name = ""] = type.split(":");
  // The name of Pulumi's docker package that does not follow from Terraform's.
  const own = name === "ServiceConfig" ? "Config" : name;
  return `${provider}${own.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}

function argumentsOf({ type, inputs, outputs }: Resource, schemas: Options["schemas"]): Block {
  if (isCommand(type)) {
    const { triggers = [], ...others } = inputs;
    return { input: literal({ ...others, stdout: outputs.stdout ?? "" }), triggers_replace: literal(triggers) };
  }
  const [provider = ""] = type.split(":");
  const terraform = terraformType(type);
  const fields = schemas.get(provider)?.resources.get(terraform);
  if (!fields) throw new Error(`the provider ${provider} has no ${terraform}`);
  return configuredFields(inputs, fields);
}

/** @throws Error unless the stack has one of it: another needs an alias */
function providerOf(name: string, resources: readonly Resource[], schemas: Options["schemas"]): Block {
  const [only, ...others] = resources.filter(({ type }) => type === `pulumi:providers:${name}`);
  const fields = schemas.get(name)?.provider;
  if (!only || others.length > 0 || !fields) throw new Error(`the stack needs one provider ${name}, with a schema`);
  const inputs = Object.entries(only.inputs).filter(([key]) => key !== "version");
  return configuredFields(Object.fromEntries(inputs), fields);
}
