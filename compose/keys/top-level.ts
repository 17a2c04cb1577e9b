import { except, honoured, honouredAnd, honouredMap, improved, refused, unsaid, type Key } from "./key";

const objects: readonly Key[] = [
  honouredAnd("networks.*.driver", "'bridge', which Swarm refuses for services, is an overlay"),
  ...honoured("networks.*.", "name", "internal", "attachable", "ipam", "ipam.driver"),
  ...honoured("networks.*.", "ipam.config", "ipam.config[].subnet", "external", "external.name"),
  ...honouredMap("networks.*.", "driver_opts", "labels"),
  ...["gateway", "ip_range", "aux_addresses"].map((key) =>
    refused(
      `networks.*.ipam.config[].${key}`,
      "refuses",
      "an overlay network of Swarm has only a subnet",
      "leave it out",
    ),
  ),
  refused("networks.*.ipam.options", "refuses", "Swarm takes no options of IPAM", "leave it out"),
  except(
    refused("networks.*.enable_ipv6", "refuses", "overlay networks of Swarm have no IPv6 here", "leave it out"),
    "overlay networks of Swarm have none here",
    "false",
  ),
  except(
    refused("networks.*.enable_ipv4", "refuses", "overlay networks of Swarm always have IPv4", "leave it out"),
    "overlay networks of Swarm always have it",
    "true",
  ),
  ...honoured("volumes.*.", "name", "driver", "external", "external.name"),
  ...honouredMap("volumes.*.", "driver_opts", "labels"),
  unsaid("volumes.*.x-cluster-spec", "use a volume of a driver that every node has"),
  ...["configs", "secrets"].flatMap((kind) => [
    ...honoured(`${kind}.*.`, "name", "file", "external", "external.name"),
    ...honouredMap(`${kind}.*.`, "labels"),
    improved(`${kind}.*.content`, "refuses", "the text is the content; variables are put in"),
    improved(`${kind}.*.environment`, "refuses", "the content is the variable of this name in the configuration"),
    unsaid(`${kind}.*.template_driver`, "put the values in with variables, in 'content'"),
  ]),
  unsaid("secrets.*.driver", "use 'file', 'environment' or 'external'"),
  unsaid("secrets.*.driver_opts", "use 'file', 'environment' or 'external'"),
];

/** Keys of whole files, and of what services share. */
export const topLevelKeys: readonly Key[] = [
  honouredAnd("version", "every version is read as the newest, 3.13; docker refuses 2.x and numbers"),
  improved("name", "refuses", "the stack's name is its key in the configuration; this one is a remark"),
  { path: "x-*", docker: "honours", outcome: "honoured", open: true },
  ...honoured("", "services", "networks", "volumes", "configs", "secrets"),
  refused(
    "include",
    "refuses",
    "a stack has one folder and one list of files",
    "list the files under 'file' in the configuration",
  ),
  refused("models", "refuses", "Swarm knows no models", "run the model's server as a service"),
  ...objects,
  ...["networks", "volumes", "configs", "secrets"].map((kind): Key => ({
    path: `${kind}.*.x-*`,
    docker: "honours",
    outcome: "honoured",
    open: true,
  })),
];
