import type { ComposeApplication, ComposeNetwork, ComposeService, Finding } from "../../compose";
import { recipeOf } from "../images/built";
import { honoured } from "./finding";
import { spreadOf } from "./spec/placement";

/**
 * Remarks on an application that is deployed: values that are missing, images without a version, and data that stays on one
 * node.
 *
 * @param findings of the reader
 */
export function remarksOf(
  { services, networks, volumes }: ComposeApplication,
  findings: readonly Finding[],
): Finding[] {
  const own = new Set(volumes.flatMap((volume) => (volume.kind === "own" ? [volume.name] : [])));
  return [
    ...findings.filter(({ outcome, reason }) => outcome === "honoured" && reason !== undefined),
    ...networks.flatMap(fixedOptions),
    ...services.flatMap((service) => [
      ...imageWithoutVersion(service),
      ...unsetVariables(service),
      ...idlePreferences(service),
      ...strayData(service, own),
    ]),
  ];
}

/**
 * Docker adds an option of its own, so that no comparison shows a change of these; and a network that services use, docker cannot
 * replace under its name.
 */
function fixedOptions(network: ComposeNetwork): Finding[] {
  if (network.kind === "external" || Object.keys(network.driverOpts).length === 0) return [];
  const { file, line } = network.at;
  return [
    {
      file,
      line,
      path: `networks.${network.key}.driver_opts`,
      outcome: "honoured",
      reason: "they are set when the network is created, and a later change of them is neither shown nor made",
      alternative: "give the network another name or key with a change of them",
    },
  ];
}

/** `docker stack deploy` looks such a tag up at every deploy, so that a second one may update a service that nobody changed. */
function imageWithoutVersion(service: ComposeService): Finding[] {
  const { image, build } = service;
  if (build !== undefined || recipeOf(image) !== undefined || image.includes("@")) return [];
  const tag = /:([\w.-]+)$/.exec(image)?.[1];
  if (tag !== undefined && tag !== "latest") return [];
  const reason = `'${image}' has ${tag === undefined ? "no tag" : "the tag 'latest'"}, which stands for another image every day`;
  const alternative = "name a version; './farm up' keeps the image that it found until './farm up --pull'";
  return [honoured(service, "image", reason, alternative)];
}

/** A name alone under `environment`: docker removes the variable from those of the image, which the provider cannot. */
function unsetVariables(service: ComposeService): Finding[] {
  return service.environment.flatMap(({ name, value }) =>
    value === undefined
      ? honoured(
          service,
          `environment.${name}`,
          `'${name}' has no value and is left out: the container has it only if its image sets it`,
          `set '${name}' under 'variables' of the stack in the configuration`,
        )
      : [],
  );
}

/** Swarm's scheduler skips a preference that is no label. */
function idlePreferences(service: ComposeService): Finding[] {
  return service.placement.spread
    .filter((each) => spreadOf(each) === undefined)
    .map((each) =>
      honoured(
        service,
        "deploy.placement.preferences",
        `Swarm spreads tasks over labels alone, and ignores '${each}'`,
        "write e.g. 'node.labels.zone'",
      ),
    );
}

/** A volume of Docker's own driver is another one on each node: a task that moves begins with an empty one. */
function strayData(service: ComposeService, own: ReadonlySet<string>): Finding[] {
  const { mode, placement, mounts } = service;
  const isPinned = placement.constraints.some(({ constraint }) => /^\s*node\.(labels\.|hostname|id)/i.test(constraint));
  if (isPinned || mode.kind === "global" || mode.kind === "global-job") return [];
  return mounts.flatMap((mount) => {
    if (mount.type !== "volume" || mount.source === undefined || !own.has(mount.source)) return [];
    const { name = "local", options = {} } = mount.driver ?? {};
    // A volume of another driver, or of NFS, may be the same on every node.
    if (name !== "local" || Object.keys(options).length > 0) return [];
    return honoured(
      service,
      "volumes",
      `the data in '${mount.source}' stays on the node that runs the task, and a task elsewhere begins with an empty volume`,
      "add a constraint that holds on one node, e.g. 'node.labels.db == true'",
      mount.at,
    );
  });
}
