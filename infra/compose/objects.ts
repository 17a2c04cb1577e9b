import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { ComposeApplication, ComposeFile, ComposeOwnFile, ComposeOwnNetwork } from "../../compose";
import { salt } from "../keys/salt";
import { SwarmConfig } from "../service/config";
import { SwarmNetwork, type NetworkReference } from "../service/network";
import { SwarmSecret } from "../service/secret";
import { labelList } from "../service/spec/text";
import type { Referred } from "../service/spec/references";
import type { SwarmTarget } from "../swarm/target";
import { textWith, type ComposeVariables } from "./texts";

/** What services of a stack share, by the keys of the compose file. */
export interface StackObjects {
  readonly networks: ReadonlyMap<string, NetworkReference>;
  readonly configs: ReadonlyMap<string, Referred>;
  readonly secrets: ReadonlyMap<string, Referred>;
}

interface Declared {
  readonly swarm: SwarmTarget;
  readonly variables: ComposeVariables;
  readonly parent: pulumi.Resource;
}

/** Creates networks, configs and secrets, and looks up those that are external; what no service uses is left out. */
export function declareObjects(name: string, application: ComposeApplication, args: Declared): StackObjects {
  const { services, networks, configs, secrets } = application;
  const { swarm, parent } = args;
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
          : ownNetwork(`${name}-${network.key}-network`, network, args),
      ]),
    ),
    configs: used(configs, usedConfigs, (config) =>
      config.kind === "external"
        ? SwarmConfig.fromName(`${name}-${config.key}-config`, { swarm, name: config.name }, { parent })
        : ownConfig(`${name}-${config.key}-config`, config, args),
    ),
    secrets: used(secrets, usedSecrets, (secret) =>
      secret.kind === "external"
        ? SwarmSecret.fromName(`${name}-${secret.key}-secret`, { swarm, name: secret.name }, { parent })
        : ownSecret(`${name}-${secret.key}-secret`, secret, salted, args),
    ),
  };
}

function used(files: readonly ComposeFile[], keys: ReadonlySet<string>, declare: (file: ComposeFile) => Referred) {
  return new Map(files.filter(({ key }) => keys.has(key)).map((file) => [file.key, declare(file)]));
}

function ownNetwork(name: string, network: ComposeOwnNetwork, { swarm, parent }: Declared): SwarmNetwork {
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
    // Docker adds an option of its own to those of an overlay network, which would be shown as a change. The remarks say what that hides.
    { parent, ignoreChanges: hasOptions ? ["options"] : [] },
  );
}

function ownConfig(name: string, { content, labels, ...config }: ComposeOwnFile, args: Declared): SwarmConfig {
  const { swarm, parent } = args;
  return new SwarmConfig(
    name,
    { swarm, prefix: config.name, labels, content: contentOf(content, args.variables) },
    { parent },
  );
}

function ownSecret(
  name: string,
  { content, labels, ...secret }: ComposeOwnFile,
  salted: pulumi.Input<string>,
  { swarm, variables, parent }: Declared,
): SwarmSecret {
  const value = contentOf(content, variables);
  // A hash of the value alone would let a reader of the name try passwords.
  const version = pulumi
    .all([salted, Buffer.isBuffer(value) ? value.toString("base64") : value])
    .apply(([key, known]) => createHmac("sha256", key).update(known).digest("hex").slice(0, 12));
  return new SwarmSecret(
    name,
    { swarm, prefix: secret.name, labels, value, version: pulumi.unsecret(version) },
    { parent },
  );
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
