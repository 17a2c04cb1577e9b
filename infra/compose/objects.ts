import * as pulumi from "@pulumi/pulumi";
import type { ComposeApplication, ComposeFile, ComposeOwnFile, ComposeOwnNetwork } from "../../compose";
import { salt, saltedVersion } from "../keys/salt";
import { SwarmConfig } from "../service/config";
import { SwarmNetwork, type NetworkReference } from "../service/network";
import { SwarmSecret } from "../service/secret";
import { labelList } from "../service/spec/text";
import type { Referred } from "../service/spec/references";
import type { SwarmTarget } from "../swarm/target";
import { textWith, type ComposeVariables } from "./texts";

/** Objects that services of a stack share, by the keys of the compose file. */
export interface StackObjects {
  readonly networks: ReadonlyMap<string, NetworkReference>;
  readonly configs: ReadonlyMap<string, Referred>;
  readonly secrets: ReadonlyMap<string, Referred>;
}

interface ObjectArgs {
  readonly swarm: SwarmTarget;
  readonly variables: ComposeVariables;
}

interface ObjectsArgs extends ObjectArgs {
  readonly application: ComposeApplication;
}

/** Creates networks, configs and secrets, and looks up those that are external; what no service uses is left out. */
export function declareObjects(name: string, args: ObjectsArgs, parent: pulumi.Resource): StackObjects {
  const { swarm, application } = args;
  const { services, networks, configs, secrets } = application;
  const usedConfigs = new Set(services.flatMap((service) => service.configs.map(({ source }) => source)));
  const usedSecrets = new Set(services.flatMap((service) => service.secrets.map(({ source }) => source)));
  const ownSecrets = secrets.filter(({ key, kind }) => usedSecrets.has(key) && kind === "own");
  const salted = ownSecrets.length > 0 ? salt(`${name}-salt`, parent) : "";
  return {
    networks: new Map(
      networks.map((network) => [
        network.key,
        network.kind === "external"
          ? SwarmNetwork.fromName(`${name}-${network.key}-network`, { swarm, name: network.name }, { parent })
          : ownNetwork(`${name}-${network.key}-network`, { swarm, network }, parent),
      ]),
    ),
    configs: used(configs, usedConfigs, (config) =>
      config.kind === "external"
        ? SwarmConfig.fromName(`${name}-${config.key}-config`, { swarm, name: config.name }, { parent })
        : ownConfig(`${name}-${config.key}-config`, { ...args, config }, parent),
    ),
    secrets: used(secrets, usedSecrets, (secret) =>
      secret.kind === "external"
        ? SwarmSecret.fromName(`${name}-${secret.key}-secret`, { swarm, name: secret.name }, { parent })
        : ownSecret(`${name}-${secret.key}-secret`, { ...args, secret, salted }, parent),
    ),
  };
}

function used(files: readonly ComposeFile[], keys: ReadonlySet<string>, declare: (file: ComposeFile) => Referred) {
  return new Map(files.filter(({ key }) => keys.has(key)).map((file) => [file.key, declare(file)]));
}

function ownNetwork(
  name: string,
  { swarm, network }: { readonly swarm: SwarmTarget; readonly network: ComposeOwnNetwork },
  parent: pulumi.Resource,
): SwarmNetwork {
  const { driver, driverOpts, internal, attachable, labels, ipam } = network;
  const hasOptions = Object.keys(driverOpts).length > 0;
  return new SwarmNetwork(
    name,
    {
      swarm,
      name: network.name,
      driver,
      internal,
      attachable,
      labels: labelList(labels),
      ...(hasOptions ? { options: driverOpts } : {}),
      ...(ipam?.driver === undefined ? {} : { ipamDriver: ipam.driver }),
      ...(ipam && ipam.subnets.length > 0 ? { ipamConfigs: ipam.subnets.map((subnet) => ({ subnet })) } : {}),
    },
    // Changed options are ignored, as the remarks say.
    { parent },
  );
}

function ownConfig(
  name: string,
  { swarm, variables, config }: ObjectArgs & { readonly config: ComposeOwnFile },
  parent: pulumi.Resource,
): SwarmConfig {
  const { name: prefix, labels, content } = config;
  return new SwarmConfig(name, { swarm, prefix, labels, content: contentOf(content, variables) }, { parent });
}

interface OwnSecretArgs extends ObjectArgs {
  readonly secret: ComposeOwnFile;
  /** Of the stack's secrets. */
  readonly salted: pulumi.Input<string>;
}

function ownSecret(name: string, args: OwnSecretArgs, parent: pulumi.Resource): SwarmSecret {
  const { swarm, variables, secret, salted } = args;
  const { name: prefix, labels, content } = secret;
  const value = contentOf(content, variables);
  const version = saltedVersion(salted, Buffer.isBuffer(value) ? value.toString("base64") : value);
  return new SwarmSecret(name, { swarm, prefix, labels, value, version }, { parent });
}

/** The reader refuses secrets of plugins. */
function contentOf(content: ComposeOwnFile["content"], variables: ComposeVariables): pulumi.Input<string> | Buffer {
  switch (content.from) {
    case "file":
      return Buffer.from(content.base64, "base64");
    case "text":
      return textWith(variables, content.text);
    case "driver":
      return "";
  }
}
